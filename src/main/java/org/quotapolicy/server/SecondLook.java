// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * When to look again before a user is refused.
 *
 * <p>Where removed files may still be counted, a refusal is looked at again a moment later, and
 * once more as long as the usage falls. The look itself makes the kernel hurry: asked about id 0,
 * as the helper does on XFS, it begins with all that waits (xfs_qm_scall_getquota(), Linux 5.16).
 */
public final class SecondLook {
  /** Between two looks: in the lab usage fell within 31 ms of the removal, and of its last fall. */
  public static final long PAUSE_MILLIS = 50;

  /** Must be left for a further look, with the helper's answer. */
  static final long TIME_MILLIS = 4 * PAUSE_MILLIS;

  private SecondLook() {}

  /**
   * Whether a judgement is a refusal that may not last.
   *
   * @param before what the look before came to, if there was one
   * @param deadline of the request, as System.nanoTime()
   */
  public static boolean isDue(Judgement judgement, Optional<Refuse> before, long deadline) {
    return judgement.verdict() instanceof Refuse now
        && judgement.refusing().filter(Judged::mayCountRemovedFiles).isPresent()
        && before.map(then -> hasFallen(then, now)).orElse(true)
        && deadline - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(TIME_MILLIS);
  }

  private static boolean hasFallen(Refuse then, Refuse now) {
    return then.resource() == now.resource()
        && Long.compareUnsigned(now.numbers().usage(), then.numbers().usage()) < 0;
  }

  /** Runs it when it is time to look again, on a thread of the JDK's; it must not wait. */
  static void later(Runnable look) {
    CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
        .execute(look);
  }
}
