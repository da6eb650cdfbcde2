// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.List;

/** Who gets the mail for a recipient. */
public sealed interface Targets {

  /**
   * Only these Unix users, as far as addresses tell; it can be refused if all of them are full.
   *
   * @param users at least one, each byte as one char
   */
  record Users(List<String> users) implements Targets {
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
