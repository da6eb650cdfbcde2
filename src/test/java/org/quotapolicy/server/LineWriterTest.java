// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LineWriterTest {
  private static final Duration AMPLE = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final String NOTE = "quotapolicy: warning: %d log lines were lost";

  /** A stream like a pipe that is full: each write waits until the reader comes. */
  private static final class FullPipe extends OutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch reader = new CountDownLatch(1);

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writing.countDown();
      try {
        reader.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      synchronized (taken) {
        taken.write(bytes, offset, length);
      }
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    List<String> lines() {
      synchronized (taken) {
        return taken.toString(StandardCharsets.US_ASCII).lines().toList();
      }
    }
  }

  private final FullPipe pipe = new FullPipe();
  private final LineWriter writer = LineWriter.start(pipe, "quotapolicy: warning: ");

  private void add(int from, int to) {
    for (int i = from; i < to; i++) {
      writer.add("line " + i);
    }
  }

  private static List<String> lines(int from, int to) {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add("line " + i);
    }
    return lines;
  }

  @Test
  void readerHangs_adderAndFlushDoNot() throws Exception {
    add(0, 1);
    pipe.writing.await();
    add(1, 10_000);
    assertFalse(writer.flush(SHORT));
    assertEquals(List.of(), pipe.lines());
  }

  @Test
  void readerComesLate_orderIsKeptAndLossIsCounted() throws Exception {
    add(0, 1);
    pipe.writing.await();
    add(1, LineWriter.CAPACITY + 8);
    pipe.reader.countDown();
    assertTrue(writer.flush(AMPLE));
    List<String> expected = lines(0, LineWriter.CAPACITY + 1);
    expected.add(NOTE.formatted(7));
    assertEquals(expected, pipe.lines());
    add(0, 2);
    assertTrue(writer.flush(AMPLE));
    expected.addAll(lines(0, 2));
    assertEquals(expected, pipe.lines());
  }

  @Test
  void asManyAsFit_areNotLost() throws Exception {
    add(0, 1);
    pipe.writing.await();
    add(1, LineWriter.CAPACITY + 1);
    pipe.reader.countDown();
    assertTrue(writer.flush(AMPLE));
    assertEquals(lines(0, LineWriter.CAPACITY + 1), pipe.lines());
  }

  @Test
  void streamFails_linesAreDropped() throws Exception {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    LineWriter toNobody = LineWriter.start(closed, "");
    toNobody.add("a");
    toNobody.add("b");
    assertTrue(toNobody.flush(AMPLE));
  }

  /** Nothing of what threads add is lost or mixed while the reader keeps up. */
  @Test
  void manyThreads_eachLineIsWhole() throws Exception {
    pipe.reader.countDown();
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int from = t * 200;
      threads.add(CompletableFuture.runAsync(() -> add(from, from + 200)));
    }
    threads.forEach(CompletableFuture::join);
    assertTrue(writer.flush(AMPLE));
    assertEquals(lines(0, 800).stream().sorted().toList(), pipe.lines().stream().sorted().toList());
  }
}
