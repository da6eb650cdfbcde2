// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quotapolicy.quota.QuotaType;

@Timeout(30)
final class IdNamesTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void name_ofEachType_isAskedOfItsOwn() {
    IdNames names = new IdNames(id -> Optional.of("u" + id), id -> Optional.of("g" + id), LONG);
    assertEquals(Optional.of("u7"), names.of(QuotaType.USER, 7));
    assertEquals(Optional.of("g7"), names.of(QuotaType.GROUP, 7));
    assertEquals(Optional.empty(), names.of(QuotaType.PROJECT, 7));
  }

  @Test
  void nameServiceHangs_costsThePatienceOnce() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    IdNames names =
        new IdNames(id -> hang(never, asked), id -> Optional.of("g"), Duration.ofMillis(100));
    long start = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      assertEquals(Optional.empty(), names.of(QuotaType.USER, i));
      assertEquals(Optional.empty(), names.of(QuotaType.GROUP, i));
    }
    assertEquals(1, asked.get());
    assertTrue(System.nanoTime() - start < LONG.toNanos());
    never.countDown();
  }

  private static Optional<String> hang(CountDownLatch never, AtomicInteger asked) {
    asked.incrementAndGet();
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.of("late");
  }
}
