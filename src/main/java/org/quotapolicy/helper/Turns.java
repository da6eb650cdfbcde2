// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whose turn it is to receive: so many threads at a time.
 *
 * <p>A thread keeps its turn while it looks up, so that packets come to the same few threads, whose
 * memory is in the processor's caches: at one connection that spares a third of the time. A look-up
 * that takes {@link #LONGEST_MS} loses its thread the turn, to another one; and as long as look-ups
 * are slow, each thread passes its turn on before it begins one, so that as many are under way as
 * there are threads.
 */
final class Turns {
  static final int LONGEST_MS = 5;
  private static final long LONGEST_NS = TimeUnit.MILLISECONDS.toNanos(LONGEST_MS);
  private static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NOT_AT_WORK = 0;

  private final Semaphore free;
  private final Semaphore begun = new Semaphore(0);
  private final List<Turn> all = new CopyOnWriteArrayList<>();
  private volatile boolean slow;
  private volatile boolean calm;

  Turns(int atOnce) {
    free = new Semaphore(atOnce);
  }

  /** That of one thread, which does not have it yet. */
  Turn newTurn() {
    Turn turn = new Turn();
    all.add(turn);
    return turn;
  }

  /**
   * Takes turns from threads that have worked for too long; if none is at work, waits until one
   * begins. To be called every {@link #LONGEST_MS}, on one thread.
   */
  void watch() throws InterruptedException {
    calm = true; // before looking, or who begins meanwhile would be missed
    if (!relieve(System.nanoTime())) {
      begun.acquire();
    }
    calm = false;
  }

  /** Has {@link #watch} return. */
  void wake() {
    begun.release();
  }

  /** Whether a thread is at work that has its turn. */
  boolean relieve(long now) {
    boolean any = false;
    for (Turn turn : all) {
      any |= turn.isAtWork(now);
    }
    return any;
  }

  /**
   * May be taken from its thread while that receives again: then there is one thread more that
   * receives, until its next packet.
   */
  final class Turn {
    private final AtomicBoolean held = new AtomicBoolean();
    private volatile long since = NOT_AT_WORK;

    private Turn() {}

    /** Waits until the calling thread may receive. */
    void take() {
      if (since != NOT_AT_WORK) {
        slow = System.nanoTime() - since > SLOW_NS;
        since = NOT_AT_WORK;
      }
      if (!held.get()) {
        free.acquireUninterruptibly();
        held.set(true);
      }
    }

    /** The thread has received, and goes to work. */
    void begin() {
      since = System.nanoTime() | 1; // never 0
      if (slow) {
        pass();
      } else if (calm) {
        wake();
      }
    }

    private boolean isAtWork(long now) {
      long began = since;
      if (began != NOT_AT_WORK && now - began >= LONGEST_NS) {
        slow |= held.get();
        pass();
      }
      return began != NOT_AT_WORK && held.get();
    }

    private void pass() {
      if (held.compareAndSet(true, false)) {
        free.release();
      }
    }
  }
}
