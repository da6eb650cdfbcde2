// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.List;

/** Who gets the mail for a recipient. */
public sealed interface Targets {

  /**
   * A Unix user, or who would be one if mail were stored under his own id.
   *
   * @param name each byte as one char
   * @param domain of the address by which he gets it, folded; empty if it has none
   */
  record User(String name, String domain) {

    /** Whom an address means that has no extension. */
    public static User of(String address) {
      Address parts = Address.of(address);
      return new User(parts.localPart(), parts.domain());
    }
  }

  /**
   * Only these Unix users, as far as addresses tell; it can be refused if all of them are full.
   *
   * @param users at least one
   */
  record Users(List<User> users) implements Targets {
    public Users {
      users = List.copyOf(users);
    }
  }

  /**
   * Somebody or something whose quota is not to be asked: it is not refused.
   *
   * @param reason a few words for the log
   */
  record Elsewhere(String reason) implements Targets {}
}
