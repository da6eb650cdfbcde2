// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.time.Duration;

/** How long to wait before the helper is started again: twice as long each time. */
final class Backoff {
  private final Duration first;
  private final Duration last;
  private Duration next;

  Backoff(Duration first, Duration last) {
    this.first = first;
    this.last = last;
    this.next = first;
  }

  Duration next() {
    Duration now = next;
    Duration twice = now.multipliedBy(2);
    next = twice.compareTo(last) < 0 ? twice : last;
    return now;
  }

  void reset() {
    next = first;
  }
}
