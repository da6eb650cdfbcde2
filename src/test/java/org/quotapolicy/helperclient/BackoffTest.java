// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void next_doublesUpToLast() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    assertEquals(List.of(100L, 200L, 400L, 800L, 1000L, 1000L), next(backoff, 6));
  }

  @Test
  void reset_beginsAnew() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    next(backoff, 5);
    backoff.reset();
    assertEquals(List.of(100L, 200L), next(backoff, 2));
  }

  private static List<Long> next(Backoff backoff, int times) {
    return Stream.generate(() -> backoff.next().toMillis()).limit(times).toList();
  }
}
