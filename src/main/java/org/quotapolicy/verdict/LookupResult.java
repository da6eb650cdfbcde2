// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

import org.quotapolicy.quota.UserQuotas;

/** The outcome of asking for a user by name. */
public sealed interface LookupResult {

  /** The account exists; what the kernel said is inside. */
  record Found(UserQuotas quotas) implements LookupResult {}

  /** The name service says that there is no such account. */
  record NoSuchUser() implements LookupResult {}

  /**
   * Nothing is known about the user.
   *
   * @param reason one line for the administrator: what failed and how
   * @param isOverload whether nobody was asked because too many others are
   */
  record CouldNotTell(String reason, boolean isOverload) implements LookupResult {
    /** Not told because something failed. */
    public CouldNotTell(String reason) {
      this(reason, false);
    }
  }
}
