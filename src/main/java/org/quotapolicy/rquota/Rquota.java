// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.function.Consumer;

/** Whom to ask about quotas on NFS servers. */
@FunctionalInterface
public interface Rquota {

  /**
   * Asks for the quotas of a user and his group, and never waits.
   *
   * @param uid an unsigned 32-bit number
   * @param gid an unsigned 32-bit number
   * @param deadlineNanos when to give up, as System.nanoTime(), if the own time-out is not earlier
   * @param sink takes the answer, exactly once: in this call, or on the one thread that serves all.
   *     It must not wait.
   */
  void ask(Export export, long uid, long gid, long deadlineNanos, Consumer<RemoteQuotas> sink);
}
