// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for an outcome, not longer than he can. Gets exactly one. */
final class Waiter {
  private final Loop loop;
  private final Loop.Alarm alarm;
  private @Nullable Consumer<Outcome> sink;

  /**
   * Waits.
   *
   * @param deadline until when, as System.nanoTime()
   * @param late what he is told then
   */
  Waiter(Loop loop, long deadline, Outcome.Unknown late, Consumer<Outcome> sink) {
    this.loop = loop;
    this.sink = sink;
    this.alarm = loop.at(deadline, () -> tell(late));
  }

  /** Tells him, if he was not told before. */
  void tell(Outcome outcome) {
    Consumer<Outcome> wants = sink;
    sink = null;
    loop.cancel(alarm);
    if (wants != null) {
      wants.accept(outcome);
    }
  }
}
