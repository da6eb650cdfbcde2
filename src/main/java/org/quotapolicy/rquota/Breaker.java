// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.concurrent.TimeUnit;

/**
 * Leaves a server alone that does not answer, so that it costs nobody time, and tries it again, one
 * question at a time. Not safe for threads.
 */
final class Breaker {
  /** So many questions in a row without an answer. */
  static final int PATIENCE = 3;

  /** From the end of one try to the next question. */
  static final long REST = TimeUnit.SECONDS.toNanos(10);

  private int silences;
  private boolean isTrying;
  private long lastTry;

  /** Whether a question may be asked; if the server is left alone, this is then the try. */
  boolean admits(long now) {
    if (isOpen()) {
      if (isTrying || now - lastTry < REST) {
        return false;
      }
      isTrying = true;
    }
    return true;
  }

  boolean isOpen() {
    return silences >= PATIENCE;
  }

  /** A question had an answer. */
  void answered() {
    silences = 0;
    isTrying = false;
  }

  /** A question was not asked after all. */
  void withdrawn() {
    isTrying = false;
  }

  /** A question had none. */
  void unanswered(long now) {
    silences++;
    isTrying = false;
    lastTry = now;
  }
}
