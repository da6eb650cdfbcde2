// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that take in what the helper says and hand out the results. Safe for threads.
 *
 * <p>Mostly it is one, the leader: it receives and hands out in turn, so that a result reaches
 * whoever waits for it without another thread being woken. Whoever takes a result may have to wait
 * for a disk. Is the leader held up by one for {@link #LONGEST}, another thread becomes leader in
 * its place, up to {@link #MOST} in all; of these the last one only receives. A thread that comes
 * back and is leader no more helps until nothing waits, and ends.
 */
final class Receivers {
  static final int MOST = 5;
  static final int MOST_WAITING = 4_096;

  /** So long, in nanoseconds, a result may hold up the leader. */
  static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(10);

  private final Consumer<Delivery> complete;
  private final Consumer<String> warning;
  private final ThreadFactory factory;
  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private @Nullable Supplier<@Nullable List<Delivery>> source;
  private @Nullable Thread leader;
  private volatile @Nullable Thread last;
  private int threads;
  private boolean busy;
  private long busySince;

  /** Whether a thread could not be started since the leader became it. */
  private boolean starved;

  /** Receivers that hand out by this, which may block. */
  Receivers(Consumer<Delivery> complete, Consumer<String> warning) {
    this(complete, warning, Receivers::thread);
  }

  /** Ones that work on these threads. */
  Receivers(Consumer<Delivery> complete, Consumer<String> warning, ThreadFactory factory) {
    this.complete = complete;
    this.warning = warning;
    this.factory = factory;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "helper-receiver");
    thread.setDaemon(true); // one that waits for a disk must not keep the process
    return thread;
  }

  /**
   * Receives until there is no more.
   *
   * @param from waits for a packet and gives the results in it; null when there will be no more.
   *     One thread at a time calls it, and not always the same.
   */
  void receive(Supplier<@Nullable List<Delivery>> from) throws InterruptedException {
    synchronized (this) {
      source = from;
      lead();
      while (leader != null) {
        wait();
      }
    }
    if (last != null) {
      last.join();
    }
  }

  private void lead() {
    Thread thread = factory.newThread(this::workToTheEnd);
    thread.start(); // first: where that fails, nothing has changed; and it waits for our lock
    leader = thread;
    busy = false;
    starved = false;
    threads++;
  }

  private void workToTheEnd() {
    boolean ended = false;
    try {
      work();
      ended = true;
    } finally {
      if (!ended) {
        abandon();
      }
    }
  }

  /** A bug ends this thread. Is it the leader, the helper is given up: nobody would hear it. */
  private synchronized void abandon() {
    if (isLeader()) {
      end();
    } else {
      threads--;
    }
  }

  private void work() {
    for (boolean goesOn = true; goesOn; ) {
      Delivery next = next();
      if (next != null) {
        complete.accept(next);
      }
      goesOn = next != null || (isLeader() && takeIn());
    }
  }

  /** The next result; without one, a thread that is not the leader must end. */
  private synchronized @Nullable Delivery next() {
    if (!isLeader()) {
      threads -= waiting.isEmpty() ? 1 : 0;
      return waiting.poll();
    }
    // All others wait for disks: without this one, nothing more would be heard.
    busy = threads < MOST && !waiting.isEmpty();
    busySince = busy ? System.nanoTime() : 0;
    return busy ? waiting.poll() : null;
  }

  private synchronized boolean isLeader() {
    return leader == Thread.currentThread();
  }

  /** Receives a packet; false if there are no more. */
  private boolean takeIn() {
    Supplier<@Nullable List<Delivery>> from = source;
    List<Delivery> results = from == null ? null : from.get();
    if (results == null) {
      end();
      return false;
    }
    results.forEach(this::sort);
    return true;
  }

  private void sort(Delivery result) {
    if (!result.mayBlock()) {
      complete.accept(result);
    } else if (!add(result)) {
      complete.accept(result.tooMany());
    }
  }

  private synchronized boolean add(Delivery result) {
    return waiting.size() < MOST_WAITING && waiting.add(result);
  }

  private synchronized void end() {
    last = leader;
    leader = null;
    threads--;
    notifyAll();
  }

  /**
   * Puts another thread in the place of a leader that has been held up for too long.
   *
   * @return whether the leader is handing out a result; then this must be called again soon
   */
  synchronized boolean relieve(long now) {
    if (leader != null && busy && now - busySince >= LONGEST) {
      replaceLeader();
      return true;
    }
    return leader != null && busy;
  }

  /** Where no thread can be started the old leader stays it, until it comes back or one can. */
  private void replaceLeader() {
    try {
      lead();
    } catch (OutOfMemoryError e) {
      if (!starved) {
        warning.accept("no thread can be started to hear the helper: " + e.getMessage());
      }
      starved = true;
    }
  }
}
