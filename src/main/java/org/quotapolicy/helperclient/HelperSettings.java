// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.time.Duration;

/**
 * How long things may take, and how many at once.
 *
 * @param timeout of a look-up, named where a deadline passes; and how long the helper may keep
 *     silent after a ping
 * @param helloTimeout from the helper's start to its HELLO
 * @param firstBackoff before the helper is started again for the first time; doubles each time
 * @param lastBackoff the longest one
 * @param settled a helper that lived this long has started well: back-off begins anew
 * @param maxAsks look-ups that may be under way at once
 */
public record HelperSettings(
    Duration timeout,
    Duration helloTimeout,
    Duration firstBackoff,
    Duration lastBackoff,
    Duration settled,
    int maxAsks) {

  /** What is right outside of tests. */
  public static HelperSettings withTimeout(Duration timeout) {
    return new HelperSettings(
        timeout,
        Duration.ofSeconds(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        4096);
  }
}
