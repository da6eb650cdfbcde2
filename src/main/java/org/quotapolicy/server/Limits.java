// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How much a peer may ask for.
 *
 * @param connections most connections at once
 * @param answerTime from a complete request to its answer, at most ({@code --timeout})
 * @param requestTime from the first byte of a request to its last, at most
 * @param readTime for a peer to read its answer, at most
 * @param stopTime for answers that are owed when the server is stopped, at most
 */
public record Limits(
    int connections,
    Duration answerTime,
    Duration requestTime,
    Duration readTime,
    Duration stopTime) {

  private static final Duration MAX_TICK = Duration.ofMillis(100);

  /** What the daemon uses unless told otherwise. */
  public static final Limits DEFAULT =
      new Limits(
          4_096,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMillis(300));

  /** The same, with another time for answers. */
  public Limits withAnswerTime(Duration time) {
    return new Limits(connections, time, requestTime, readTime, stopTime);
  }

  /** The same, with another number of connections. */
  public Limits withConnections(int number) {
    return new Limits(number, answerTime, requestTime, readTime, stopTime);
  }

  /** How exactly they are kept: never later than this. */
  Duration tick() {
    return Stream.of(
            MAX_TICK, answerTime.dividedBy(20), requestTime.dividedBy(20), readTime.dividedBy(20))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }
}
