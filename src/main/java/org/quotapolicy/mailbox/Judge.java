// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import org.quotapolicy.verdict.Need;

/** Says whether a message fits. */
@FunctionalInterface
public interface Judge {

  /**
   * The judgement for a user and a message at a moment.
   *
   * <p>Never waits for a server, but for local disks, which may hang.
   *
   * @param account whose quotas count
   * @param mailboxes where the message is stored
   * @param message what it takes in a file of its own
   */
  Judgement judge(AccountQuotas account, Mailboxes mailboxes, Need message, Instant now);
}
