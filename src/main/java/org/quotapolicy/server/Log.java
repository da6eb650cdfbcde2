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
import java.util.regex.Pattern;

/**
 * The daemon's log: one line for each event, at Postfix's severities. Thread-safe.
 *
 * <p>Into the journal each line goes with its priority.
 *
 * <p>Never waits for whoever reads it: lines that he does not take in time are lost, and counted.
 *
 * <p>Whatever a text holds, it stays one line of ASCII: other bytes, and the backslash, become
 * {@code \xHH}, unless it begins one. Texts may carry bytes as chars (ISO 8859-1); chars beyond
 * become their UTF-8 bytes.
 */
public final class Log {
  /** What each line begins with. */
  static final String PREFIX = "quotapolicy: ";

  /** What a reader that is slow, or gone, may cost at the end of the process. */
  private static final Duration LONGEST_FLUSH = Duration.ofMillis(200);

  private static final Pattern ESCAPED = Pattern.compile("\\\\x[0-9A-F]{2}");
  private static final int MAX_LENGTH = 2_000;
  private static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

  private final LineWriter writer;
  private final LongSupplier nanoTime;
  private final boolean priorities;
  private final Map<String, Trouble> troubles = new HashMap<>();

  /** When a trouble was last reported, and how often it was not. */
  private static final class Trouble {
    private long reported;
    private long suppressed;
  }

  Log(OutputStream out, LongSupplier nanoTime) {
    this(out, nanoTime, false);
  }

  /** With priorities as sd-daemon(3) reads them, or without. */
  Log(OutputStream out, LongSupplier nanoTime, boolean priorities) {
    this.nanoTime = nanoTime;
    this.priorities = priorities;
    this.writer = LineWriter.start(out, prefix(4, "warning: "));
  }

  /** A log that writes to standard error, past System.err, whose lock others could wait for. */
  public static Log toStandardError() {
    boolean priorities = wantsPriorities(System.getenv());
    return new Log(new FileOutputStream(FileDescriptor.err), System::nanoTime, priorities);
  }

  /** In the journal, and where logger(1) is to read them. */
  static boolean wantsPriorities(Map<String, String> environment) {
    return "1".equals(environment.get("QUOTAPOLICY_LOG_PRIORITIES"))
        || Journal.isStandardError(environment.get("JOURNAL_STREAM"));
  }

  /** A log that writes to a stream. */
  public static Log to(OutputStream out) {
    return new Log(out, System::nanoTime);
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
    write(6, "", text);
  }

  /** Something went wrong that the daemon can live with. */
  public void warning(String text) {
    write(4, "warning: ", text);
  }

  /** Something failed that the daemon should be able to do. */
  public void error(String text) {
    write(3, "error: ", text);
  }

  /** The daemon cannot go on. */
  public void fatal(String text) {
    write(2, "fatal: ", text);
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

  /** The priorities are those that Postfix's severities have in msg_syslog(3). */
  private void write(int priority, String severity, String text) {
    writer.add(prefix(priority, severity) + escape(text));
  }

  private String prefix(int priority, String severity) {
    return (priorities ? "<" + priority + ">" : "") + PREFIX + severity;
  }

  /**
   * A value that somebody else chose, so that it cannot pass for another key: white space, quotes,
   * {@code <>} and the backslash become {@code \xHH} too.
   */
  static String value(String text) {
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      value.append(" \t\"'<>\\".indexOf(c) < 0 ? Character.toString(c) : hex(c));
    }
    return value.toString();
  }

  private static String hex(int c) {
    return String.format(Locale.ROOT, "\\x%02X", c);
  }

  /** Printable ASCII as it is, the rest as {@code \xHH}; cut if too long. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    int next = 0;
    while (next < text.length() && escaped.length() < MAX_LENGTH) {
      int c = text.codePointAt(next);
      if (c == '\\' && ESCAPED.matcher(text).region(next, text.length()).lookingAt()) {
        escaped.append('\\');
      } else {
        escape(c, escaped);
      }
      next += Character.charCount(c);
    }
    return escaped.length() < MAX_LENGTH ? escaped.toString() : escaped + "...";
  }

  private static void escape(int c, StringBuilder escaped) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      escaped.append((char) c);
    } else if (c <= 0xFF) {
      escaped.append(hex(c));
    } else {
      for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
        escape(Byte.toUnsignedInt(b), escaped);
      }
    }
  }
}
