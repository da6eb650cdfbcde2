// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The daemon's log: one line for each event, at Postfix's severities. Thread-safe.
 *
 * <p>Never waits for whoever reads it: lines that he does not take in time are lost, and counted.
 *
 * <p>Whatever a text holds, it stays one line of ASCII: other bytes, and the backslash, become
 * {@code \xHH}. Texts may carry bytes as chars (ISO 8859-1); chars beyond become their UTF-8 bytes.
 */
public final class Log {
  /** What each line begins with. */
  static final String PREFIX = "quotapolicy: ";

  /** What a reader that is slow, or gone, may cost at the end of the process. */
  private static final Duration LONGEST_FLUSH = Duration.ofMillis(200);

  private static final int MAX_LENGTH = 2_000;
  private static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

  private final LineWriter writer;
  private final LongSupplier nanoTime;
  private final Map<String, Trouble> troubles = new HashMap<>();

  /** When a trouble was last reported, and how often it was not. */
  private static final class Trouble {
    private long reported;
    private long suppressed;
  }

  Log(OutputStream out, LongSupplier nanoTime) {
    this.writer = LineWriter.start(out);
    this.nanoTime = nanoTime;
  }

  /** A log that writes to standard error, past System.err, whose lock others could wait for. */
  public static Log toStandardError() {
    return new Log(new FileOutputStream(FileDescriptor.err), System::nanoTime);
  }

  /**
   * To be called before the process ends: waits a little for the lines that are not written yet.
   *
   * @return whether all are
   */
  public boolean flush() {
    try {
      return writer.flush(LONGEST_FLUSH);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Something an administrator may want to know. */
  public void info(String text) {
    write("", text);
  }

  /** Something went wrong that the daemon can live with. */
  public void warning(String text) {
    write("warning: ", text);
  }

  /** Something failed that the daemon should be able to do. */
  public void error(String text) {
    write("error: ", text);
  }

  /** The daemon cannot go on. */
  public void fatal(String text) {
    write("fatal: ", text);
  }

  /**
   * A warning that may come often: written the first time, then at most once a minute.
   *
   * @param trouble names the trouble; one of few constants, nothing that came from a peer
   */
  public void limited(String trouble, String text) {
    long suppressed = suppressed(trouble);
    if (suppressed == 0) {
      warning(text);
    } else if (suppressed > 0) {
      warning(text + " (and " + suppressed + " times since last reported)");
    }
  }

  /** How often this trouble was not reported since it last was; -1 if it is not to be now. */
  private synchronized long suppressed(String name) {
    long now = nanoTime.getAsLong();
    Trouble trouble = troubles.get(name);
    if (trouble == null) {
      trouble = new Trouble();
      troubles.put(name, trouble);
    } else if (now - trouble.reported < PERIOD) {
      trouble.suppressed++;
      return -1;
    }
    long count = trouble.suppressed;
    trouble.suppressed = 0;
    trouble.reported = now;
    return count;
  }

  private void write(String severity, String text) {
    writer.add(PREFIX + severity + escape(text));
  }

  /** Printable ASCII without the backslash as it is, the rest as {@code \xHH}; cut if too long. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .takeWhile(c -> escaped.length() < MAX_LENGTH)
        .forEach(c -> escape(c, escaped));
    return escaped.length() < MAX_LENGTH ? escaped.toString() : escaped + "...";
  }

  private static void escape(int c, StringBuilder escaped) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      escaped.append((char) c);
    } else if (c <= 0xFF) {
      escaped.append(String.format(Locale.ROOT, "\\x%02X", c));
    } else {
      for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
        escape(Byte.toUnsignedInt(b), escaped);
      }
    }
  }
}
