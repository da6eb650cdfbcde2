// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;

/** Whether a message can be stored. */
public sealed interface Verdict {

  /** It can. */
  record Accept(Reason reason) implements Verdict {
    /** Why it can. */
    public enum Reason {
      /** No quota is enforced there. */
      NO_QUOTA("no quota is enforced where the mail is stored"),
      /** Quotas are enforced, and root passes them. */
      ROOT("it is stored as root, whom no quota there holds"),
      /** Quotas are enforced, and none of them sets a limit. */
      NO_LIMIT("the quotas there set no limit"),
      /** There are limits, and the message stays within them. */
      ROOM("there is room");

      private final String words;

      Reason(String words) {
        this.words = words;
      }

      /** It in a sentence, for people. */
      public String words() {
        return words;
      }
    }
  }

  /**
   * It cannot: the kernel would answer EDQUOT.
   *
   * @param type whose quota is full
   * @param id the uid, gid or project id; an unsigned 32-bit number
   * @param resource what there is too little of
   * @param cause which limit binds
   * @param numbers usage and limits of that resource
   * @param need what the message takes of it, space in whole blocks; unsigned, 2^64-1 also stands
   *     for more
   */
  record Refuse(
      QuotaType type, long id, Resource resource, Cause cause, ResourceQuota numbers, long need)
      implements Verdict {
    /**
     * Whether the message would not fit even an empty mailbox. Only the hard limit says so: a soft
     * limit may be passed until its grace is over.
     */
    public boolean isTooLarge() {
      return numbers.hardLimit() != 0 && Long.compareUnsigned(need, numbers.hardLimit()) > 0;
    }

    /** Which limit binds. */
    public enum Cause {
      /** The hard limit. */
      HARD_LIMIT,
      /** The soft limit, since its grace is over, or would be before all of the message is in. */
      GRACE_EXPIRED
    }
  }

  /**
   * Could not tell.
   *
   * @param reason one line for the administrator
   */
  record Unknown(String reason) implements Verdict {}
}
