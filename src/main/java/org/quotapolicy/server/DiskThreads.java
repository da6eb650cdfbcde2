// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what may block on a disk, so that no other thread does. Both they and what waits for
 * them are bounded.
 */
final class DiskThreads {
  static final int THREADS = 4;
  static final int QUEUE = 4_096;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(QUEUE),
          DiskThreads::thread);

  private static Thread thread(Runnable body) {
    Thread thread = new Thread(body, "disk");
    thread.setDaemon(true); // one that is blocked must not keep the process
    return thread;
  }

  /** Has it run soon; false if too much waits already. */
  boolean run(Runnable task) {
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
