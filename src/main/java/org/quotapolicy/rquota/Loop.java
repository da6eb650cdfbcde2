// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread for all servers: it runs what others hand it, what is due, and what has something to
 * read or to write. Whatever it runs must not wait.
 */
final class Loop implements AutoCloseable {
  private final Selector selector;
  private final Consumer<String> warning;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Alarm::compare);

  /** Something to run at a moment, unless it is cancelled before. */
  static final class Alarm {
    private final long moment;
    private @Nullable Runnable task;

    private Alarm(long moment, Runnable task) {
      this.moment = moment;
      this.task = task;
    }

    private static int compare(Alarm one, Alarm other) {
      return Long.signum(one.moment - other.moment);
    }
  }

  private Loop(Selector selector, Consumer<String> warning) {
    this.selector = selector;
    this.warning = warning;
  }

  /**
   * A loop that runs.
   *
   * @param warning takes a line for each bug: what throws is told of, and the loop goes on
   * @throws IOException also if no thread can be started: setrlimit(2), pids.max of cgroups(7)
   */
  static Loop start(Consumer<String> warning, ThreadFactory factory) throws IOException {
    Loop loop = new Loop(Selector.open(), warning);
    try {
      factory.newThread(loop::run).start();
    } catch (OutOfMemoryError e) {
      loop.close();
      throw new IOException(e.getMessage(), e);
    }
    return loop;
  }

  /** The usual thread of a loop. */
  static Thread thread(Runnable run) {
    Thread thread = new Thread(run, "rquota");
    thread.setDaemon(true);
    return thread;
  }

  /** Has it run soon; for any thread. Nothing is run any more after {@link #close}. */
  void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Has it run at a moment, as System.nanoTime(). */
  Alarm at(long moment, Runnable task) {
    Alarm alarm = new Alarm(moment, task);
    alarms.add(alarm);
    return alarm;
  }

  /** It is not run any more, if it was not yet. */
  void cancel(@Nullable Alarm alarm) {
    if (alarm != null) {
      alarm.task = null;
      alarms.remove(alarm);
    }
  }

  /** Has it run whenever a channel is ready, until that is closed. */
  SelectionKey watch(SelectableChannel channel, int operations, Runnable ready) throws IOException {
    return channel.register(selector, operations, ready);
  }

  /** Ends it. */
  @Override
  public void close() throws IOException {
    selector.close();
  }

  private void run() {
    while (selector.isOpen()) {
      try {
        selector.select(this::runReady, waitMillis());
      } catch (ClosedSelectorException e) {
        return;
      } catch (IOException e) {
        warning.accept("waiting for NFS servers failed: " + e.getMessage());
      }
      runTasks();
      runAlarms();
    }
  }

  /** 0 = no alarm will ring. Rounded up, or it would turn without rest before each alarm. */
  private long waitMillis() {
    Alarm next = alarms.peek();
    if (next == null) {
      return 0;
    }
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(next.moment - System.nanoTime()) + 1);
  }

  private void runReady(SelectionKey key) {
    if (key.isValid() && key.attachment() instanceof Runnable ready) {
      runOne(ready);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      runOne(task);
    }
  }

  private void runAlarms() {
    Alarm next = alarms.peek();
    while (next != null && next.moment - System.nanoTime() <= 0) {
      alarms.remove();
      Runnable task = next.task;
      if (task != null) {
        runOne(task);
      }
      next = alarms.peek();
    }
  }

  private void runOne(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      warning.accept("asking NFS servers: " + e);
    }
  }
}
