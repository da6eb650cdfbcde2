// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ControlSocketTest {
  private static final String LONG = "x".repeat(1 << 20);

  private final Log log = new Log(new ByteArrayOutputStream(), System::nanoTime);
  private final Path path;
  private final ControlSocket socket;

  ControlSocketTest(@TempDir Path directory) throws IOException {
    path = directory.resolve("control");
    Map<String, Supplier<String>> reports =
        Map.of("short", () -> "yes\n", "long", () -> LONG, "bad", ControlSocketTest::fail);
    socket = ControlSocket.open(path, 0600, OptionalLong.empty(), reports, log);
  }

  private static String fail() {
    throw new IllegalStateException("broken");
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    assertFalse(Files.exists(path));
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  private String ask(String text) throws IOException {
    try (SocketChannel client = connect()) {
      client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
      return readAll(client);
    }
  }

  private static String readAll(SocketChannel client) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    try {
      while (client.read(buffer.clear()) >= 0) {
        all.write(buffer.array(), 0, buffer.position());
      }
    } catch (IOException e) {
      all.writeBytes("reset".getBytes(StandardCharsets.US_ASCII));
    }
    return all.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void command_thatIsKnown_isAnswered() throws Exception {
    assertEquals("yes\n", ask("short\n"));
    assertEquals("yes\n", ask("short\r\nHost: x\r\n\r\n"));
    assertEquals(LONG, ask("long\n"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void command_thatIsNot_getsNothing_andHarmsNobody() throws Exception {
    for (String text :
        new String[] {"\n", "Short\n", "short \n", "bad\n", "\0".repeat(99) + "\n"}) {
      assertEquals("", ask(text));
    }
    assertEquals("reset", ask("short".repeat(5_000)).replaceFirst("^$", "reset"));
    assertEquals("yes\n", ask("short\n"));
  }

  @Test
  void client_thatSaysOrReadsNothing_isClosedAfterOneSecond() throws Exception {
    long start = System.nanoTime();
    try (SocketChannel silent = connect();
        SocketChannel deaf = connect()) {
      deaf.write(ByteBuffer.wrap("long\n".getBytes(StandardCharsets.US_ASCII)));
      assertEquals("yes\n", ask("short\n"));
      long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
      assertTrue(took >= 1_900 && took < 5_000, took + " ms");
      assertEquals("", readAll(silent));
    }
  }

  @Test
  void open_twice_isRefused() {
    IOException e =
        assertThrows(
            IOException.class,
            () -> ControlSocket.open(path, 0600, OptionalLong.empty(), Map.of(), log));
    assertEquals("control socket " + path + ": another process is listening on it", e.getMessage());
  }
}
