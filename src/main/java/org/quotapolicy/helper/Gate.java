// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many threads at a time make a call that may hang.
 *
 * <p>One more waits {@link #PATIENCE_MS}. Once one has waited in vain, the next ones are turned
 * away at once, until a call comes back: so what hangs costs that time once, not for each who
 * comes.
 */
final class Gate {
  static final int PATIENCE_MS = 1_000;

  private final Semaphore permits;
  private volatile boolean stalled;

  Gate(int threads) {
    permits = new Semaphore(threads, true);
  }

  /** Whether the calling thread may make its call; it must {@link #leave} afterwards. */
  boolean enter() {
    boolean entered = acquireWithin(stalled ? 0 : PATIENCE_MS);
    stalled = !entered;
    return entered;
  }

  void leave() {
    stalled = false;
    permits.release();
  }

  private boolean acquireWithin(int milliseconds) {
    try {
      return permits.tryAcquire(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return false; // nobody here interrupts
    }
  }
}
