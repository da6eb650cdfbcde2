// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a stream that may block for ever, as a pipe does whose reader hangs: one thread
 * writes, nobody else ever waits for it.
 *
 * <p>Lines keep their order. When too many wait, further ones are lost until half of them are
 * written; how many were lost stands in their place.
 */
final class LineWriter {
  /** Most lines that wait. With the longest that {@link Log} makes, these are two megabytes. */
  static final int CAPACITY = 1_000;

  private final OutputStream out;
  private final String prefix;
  private final Deque<String> lines = new ArrayDeque<>();
  private long lost;
  private boolean writing;

  private LineWriter(OutputStream out, String prefix) {
    this.out = out;
    this.prefix = prefix;
  }

  /**
   * Starts to write to a stream, on a thread that lives as long as the process.
   *
   * @param prefix of what it has to say itself, which is a warning
   */
  static LineWriter start(OutputStream out, String prefix) {
    LineWriter writer = new LineWriter(out, prefix);
    Thread thread = new Thread(writer::run, "log");
    thread.setDaemon(true);
    thread.start();
    return writer;
  }

  /** Adds a line, printable ASCII without its end. Never waits. */
  synchronized void add(String line) {
    if (lines.size() >= (lost == 0 ? CAPACITY : CAPACITY / 2)) {
      lost++;
      return;
    }
    noteLost();
    lines.add(line);
    notifyAll();
  }

  /** Waits until all that was added is written, though not longer than this; whether it is. */
  synchronized boolean flush(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (writing || lost > 0 || !lines.isEmpty()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private void run() {
    try {
      while (true) {
        String line = next();
        try {
          out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
          out.flush();
        } catch (IOException e) {
          // Nobody reads the log any more, and there is nowhere else to say so.
        }
      }
    } catch (InterruptedException e) {
      // Nobody here interrupts.
    }
  }

  /** The next line to write; whatever came before is written. */
  private synchronized String next() throws InterruptedException {
    writing = false;
    notifyAll();
    @Nullable String line = poll();
    while (line == null) {
      wait();
      line = poll();
    }
    writing = true;
    return line;
  }

  private @Nullable String poll() {
    if (lines.isEmpty()) {
      noteLost();
    }
    return lines.poll();
  }

  private void noteLost() {
    if (lost > 0) {
      lines.add(prefix + lost + " log lines were lost");
      lost = 0;
    }
  }
}
