// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.time.Duration;

/**
 * How long things may take, and how many at once.
 *
 * @param timeout of a look-up, named where a deadline passes
 * @param pingTimeout how long the helper may keep silent after a ping; more than the second that a
 *     ping can wait in it behind a look-up
 * @param helloTimeout from the helper's start to its HELLO
 * @param firstBackoff before the helper is started again for the first time; doubles each time
 * @param lastBackoff the longest one
 * @param settled a helper that lived this long has started well: back-off begins anew
 * @param maxAsks look-ups that may be under way at once
 */
public record HelperSettings(
    Duration timeout,
    Duration pingTimeout,
    Duration helloTimeout,
    Duration firstBackoff,
    Duration lastBackoff,
    Duration settled,
    int maxAsks) {

  private static final Duration SHORTEST_PING = Duration.ofSeconds(3);

  /** What is right outside of tests. */
  public static HelperSettings withTimeout(Duration timeout) {
    return new HelperSettings(
        timeout,
        timeout.compareTo(SHORTEST_PING) < 0 ? SHORTEST_PING : timeout,
        // A JVM may start slowly on a host that boots: to begin anew would not make it faster.
        Duration.ofSeconds(30),
        Duration.ofMillis(100),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        4096);
  }
}
