// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a running daemon for a report by its control socket. */
final class ControlQuestion {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_REPORT = 1 << 20;

  private ControlQuestion() {}

  /** The report; never empty. */
  static String ask(Path socket, String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      CompletableFuture.delayedExecutor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> close(channel));
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
      String report = readAll(channel);
      if (report.isEmpty()) {
        throw new IOException("the daemon does not know this report; is it an older version?");
      }
      return report;
    } catch (AsynchronousCloseException e) {
      throw new IOException("no answer within " + TIMEOUT.toSeconds() + " s", e);
    }
  }

  private static String readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (channel.read(buffer.clear()) >= 0 && report.size() < MAX_REPORT) {
      report.write(buffer.array(), 0, buffer.position());
    }
    return report.toString(StandardCharsets.UTF_8);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to close.
    }
  }
}
