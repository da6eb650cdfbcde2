// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quotapolicy.helper.Turns.Turn;

/** In threads apart: a turn is waited for whatever interrupts. */
@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnsTest {
  private static final long LONG = TimeUnit.SECONDS.toNanos(1);
  private static final int MOMENT_MS = 50;

  private final Turns turns = new Turns(1);
  private final Turn first = turns.newTurn();
  private final Turn second = turns.newTurn();
  private final CountDownLatch secondHas = new CountDownLatch(1);

  private void letSecondWait() {
    start(
        () -> {
          second.take();
          secondHas.countDown();
        });
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "other");
    thread.setDaemon(true);
    thread.start();
  }

  private FutureTask<Boolean> watch() {
    FutureTask<Boolean> watch =
        new FutureTask<>(
            () -> {
              turns.watch();
              return true;
            });
    start(watch);
    return watch;
  }

  private boolean secondHasSoon() throws InterruptedException {
    return secondHas.await(MOMENT_MS, TimeUnit.MILLISECONDS);
  }

  @Test
  void turn_isKeptFromPacketToPacket() throws Exception {
    first.take();
    letSecondWait();
    first.begin();
    first.take();
    assertFalse(secondHasSoon());
  }

  @Test
  void turn_ofWhomWorksForTooLong_isAnothers() throws Exception {
    first.take();
    letSecondWait();
    long before = System.nanoTime();
    first.begin();
    assertTrue(turns.relieve(before));
    assertFalse(secondHasSoon());
    assertFalse(turns.relieve(System.nanoTime() + LONG));
    secondHas.await();
  }

  @Test
  void turn_ofWhomWaitsForAPacket_isNotTaken() throws Exception {
    first.take();
    letSecondWait();
    assertFalse(turns.relieve(System.nanoTime() + LONG));
    assertFalse(secondHasSoon());
  }

  @Test
  void thread_thatLostItsTurn_waitsForIt() throws Exception {
    first.take();
    first.begin();
    turns.relieve(System.nanoTime() + LONG);
    second.take();
    FutureTask<Boolean> again =
        new FutureTask<>(
            () -> {
              first.take();
              return true;
            });
    start(again);
    Thread.sleep(MOMENT_MS);
    assertFalse(again.isDone());
    second.begin();
    turns.relieve(System.nanoTime() + LONG);
    assertTrue(again.get());
  }

  /** After one that hangs, too: it never comes back to tell. */
  @Test
  void whileLookupsAreSlow_turnsArePassedOnAtOnce() throws Exception {
    first.take();
    first.begin();
    turns.relieve(System.nanoTime() + LONG);
    second.take();
    second.begin();
    Turn third = turns.newTurn();
    third.take();
    third.begin();
    assertFalse(turns.relieve(System.nanoTime()));
  }

  @Test
  void whenLookupsAreQuickAgain_turnsAreKept() throws Exception {
    first.take();
    first.begin();
    turns.relieve(System.nanoTime() + LONG);
    second.take();
    boolean isKept = false;
    for (int i = 0; i < 1_000 && !isKept; i++) { // this thread may be interrupted, and be slow
      second.begin();
      second.take();
      long before = System.nanoTime();
      second.begin();
      isKept = turns.relieve(before);
      second.take();
    }
    assertTrue(isKept);
  }

  @Test
  void watch_waitsUntilAThreadBegins() throws Exception {
    FutureTask<Boolean> watch = watch();
    first.take();
    Thread.sleep(MOMENT_MS);
    assertFalse(watch.isDone());
    first.begin();
    assertTrue(watch.get());
  }

  /** Again and again: the machine may be so busy that the thread has worked for too long. */
  @Test
  void watch_whileAThreadWorks_doesNotWait() throws Exception {
    boolean isDone = false;
    for (int i = 0; i < 20 && !isDone; i++) {
      first.take();
      first.begin();
      FutureTask<Boolean> watch = watch();
      Thread.sleep(MOMENT_MS);
      isDone = watch.isDone();
      turns.wake();
      assertTrue(watch.get());
    }
    assertTrue(isDone);
  }
}
