// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Log log = new Log(out, now::get);

  private String written() {
    assertTrue(log.flush());
    String written = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return written;
  }

  @Test
  void severities_areThoseOfPostfix() {
    log.info("a");
    log.warning("b");
    log.error("c");
    log.fatal("d");
    assertEquals(
        """
        quotapolicy: a
        quotapolicy: warning: b
        quotapolicy: error: c
        quotapolicy: fatal: d
        """,
        written());
  }

  @Test
  void severities_areToldToTheJournal() {
    Log journal = new Log(out, now::get, true);
    journal.info("a");
    journal.warning("b");
    journal.error("c");
    journal.fatal("d");
    assertTrue(journal.flush());
    assertEquals(
        """
        <6>quotapolicy: a
        <4>quotapolicy: warning: b
        <3>quotapolicy: error: c
        <2>quotapolicy: fatal: d
        """,
        written());
  }

  @Test
  void lines_lost_areAWarningInTheJournal() throws Exception {
    CountDownLatch reader = new CountDownLatch(1);
    Log journal = new Log(waiting(reader), now::get, true);
    for (int i = 0; i < LineWriter.CAPACITY + 10; i++) {
      journal.info("a");
    }
    reader.countDown();
    assertTrue(journal.flush());
    String last = written().lines().filter(line -> line.contains("lost")).findFirst().orElse("");
    assertTrue(last.startsWith("<4>quotapolicy: warning: "), last);
  }

  private OutputStream waiting(CountDownLatch reader) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        try {
          reader.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        out.write(b);
      }
    };
  }

  @Test
  void journal_isRecognisedByDeviceAndInode(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("stream"));
    String stream =
        Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
    assertTrue(Journal.isStream(stream, file));
    assertFalse(Journal.isStream(stream + "0", file));
    assertFalse(Journal.isStream("", file));
    assertFalse(Journal.isStream(stream, directory.resolve("absent")));
    assertFalse(Journal.isStandardError(null));
    assertFalse(Log.wantsPriorities(Map.of("QUOTAPOLICY_LOG_PRIORITIES", "0")));
    assertTrue(Log.wantsPriorities(Map.of("QUOTAPOLICY_LOG_PRIORITIES", "1")));
  }

  @ParameterizedTest
  @CsvSource({
    "alice@example.com, alice@example.com",
    "' ~', ' ~'",
    "a\\b, a\\x5Cb",
    "a\u007fb, a\\x7Fb",
    "a\u0085b\u00ff, a\\x85b\\xFF",
    "a\u2028b, a\\xE2\\x80\\xA8b",
    "\ud83d\udce6, \\xF0\\x9F\\x93\\xA6",
    "\ud800, ?",
  })
  void text_isPrintableAscii(String text, String escaped) {
    assertEquals(escaped, Log.escape(text));
  }

  @ParameterizedTest
  @CsvSource({
    "alice+x=y@example.com, alice+x=y@example.com",
    "a> user=<b, a\\x3E\\x20user=\\x3Cb",
    "'a\"\tb', a\\x22\\x09b",
    "a\\b, a\\x5Cb",
    "a\\x41, a\\x5Cx41",
    "a\u00e9, a\\xE9",
  })
  void value_isOneWord(String text, String escaped) {
    assertEquals(escaped, Log.escape(Log.value(text)));
  }

  @Test
  void lineEnds_makeNoSecondLine() {
    log.warning("a\nquotapolicy: fatal: b\r\0\t");
    assertEquals("quotapolicy: warning: a\\x0Aquotapolicy: fatal: b\\x0D\\x00\\x09\n", written());
  }

  @Test
  void text_tooLong_isCut() {
    assertEquals("x".repeat(1_999), Log.escape("x".repeat(1_999)));
    assertEquals("x".repeat(2_000) + "...", Log.escape("x".repeat(9_999)));
  }

  @Test
  void sameTrouble_isReportedOnceAMinuteWithCount() {
    log.limited("one", "first");
    log.limited("one", "second");
    log.limited("two", "other");
    now.addAndGet(TimeUnit.SECONDS.toNanos(59));
    log.limited("one", "third");
    assertEquals("quotapolicy: warning: first\nquotapolicy: warning: other\n", written());
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    log.limited("one", "fourth");
    assertEquals("quotapolicy: warning: fourth (and 2 times since last reported)\n", written());
    now.addAndGet(TimeUnit.SECONDS.toNanos(60));
    log.limited("one", "fifth");
    assertEquals("quotapolicy: warning: fifth\n", written());
  }
}
