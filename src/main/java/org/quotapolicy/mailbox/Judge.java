// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Need;

/** Says whether a message fits. */
@FunctionalInterface
public interface Judge {

  /**
   * The verdict for a user and a message at a moment.
   *
   * <p>Never waits for a server, but for local disks, which may hang.
   */
  Judgement judge(UserQuotas user, Need need, Instant now);
}
