// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.platform.linux.ErrNo;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacketSocketTest {
  private static final int SIZE = 1000;

  private final NativeBuffer buffer = NativeBuffer.allocate(SIZE);
  private PacketSocket[] pair = {};

  @BeforeEach
  void open() throws IOException {
    pair = PacketSocket.pair();
  }

  @AfterEach
  void close() {
    pair[0].close();
    pair[1].close();
  }

  private static NativeBuffer packet(String text) {
    NativeBuffer packet = NativeBuffer.allocate(4 * SIZE);
    packet.bytes().put(text.getBytes(StandardCharsets.ISO_8859_1)).flip();
    return packet;
  }

  private String receive() throws IOException {
    int length = pair[1].receive(buffer);
    assertEquals(length, buffer.bytes().remaining());
    assertEquals(0, buffer.bytes().position());
    byte[] bytes = new byte[length];
    buffer.bytes().get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void packets_sent_keepBoundariesAndOrder() throws IOException {
    assertTrue(pair[0].send(packet("one")));
    pair[0].sendWaiting(packet("\u0000\u00ff"));
    assertEquals("one", receive());
    assertEquals("\u0000\u00ff", receive());
  }

  @Test
  void packet_partOfABuffer_sentFromPositionToLimitAndUnchanged() throws IOException {
    NativeBuffer packet = packet("abcdef");
    packet.bytes().position(2).limit(4);
    pair[0].send(packet);
    assertEquals("cd", receive());
    assertEquals(2, packet.bytes().position());
    assertEquals(4, packet.bytes().limit());
  }

  @Test
  void packet_asLongAsTheBuffer_whole() throws IOException {
    pair[0].send(packet("x".repeat(SIZE)));
    assertEquals("x".repeat(SIZE), receive());
  }

  @Test
  void packet_longerThanTheBuffer_refused() throws IOException {
    pair[0].send(packet("x".repeat(SIZE + 1)));
    NativeFailure failure = assertThrows(NativeFailure.class, () -> pair[1].receive(buffer));
    assertEquals(ErrNo.EMSGSIZE, failure.errno());
    assertEquals("recv(a packet of 1001 bytes): EMSGSIZE (errno 90)", failure.getMessage());
  }

  @Test
  void packet_withoutAByte_neverSent() {
    assertThrows(IllegalArgumentException.class, () -> pair[0].send(packet("")));
  }

  @Test
  void otherEnd_closed_endOfFileBehindItsPackets() throws IOException {
    pair[0].send(packet("last"));
    pair[0].close();
    assertEquals("last", receive());
    assertEquals(-1, pair[1].receive(buffer));
    assertFalse(buffer.bytes().hasRemaining());
  }

  @Test
  void otherEnd_closedWithUnreadPackets_endOfFileBehindItsPackets() throws IOException {
    pair[1].send(packet("unread"));
    pair[0].send(packet("last but one"));
    pair[0].send(packet("last"));
    pair[0].close();
    assertEquals("last but one", receive());
    assertEquals("last", receive());
    assertEquals(-1, pair[1].receive(buffer));
    assertEquals(-1, pair[1].receive(buffer));
  }

  @Test
  void send_otherEndClosed_brokenPipe() {
    pair[1].close();
    NativeFailure failure = assertThrows(NativeFailure.class, () -> pair[0].send(packet("x")));
    assertEquals(ErrNo.EPIPE, failure.errno());
  }

  @Test
  void send_nobodyReads_refusedUntilThereIsRoom() throws IOException {
    NativeBuffer packet = packet("x".repeat(SIZE));
    int sent = 0;
    while (pair[0].send(packet)) {
      sent++;
      assertTrue(sent < 1_000_000, "never full");
    }
    for (int i = 0; i < sent; i++) {
      assertEquals(SIZE, pair[1].receive(buffer));
    }
    assertTrue(pair[0].send(packet));
  }

  @Test
  void sendWaiting_nobodyReads_waitsForRoom() throws Exception {
    NativeBuffer packet = packet("x".repeat(SIZE));
    int sent = 0;
    while (pair[0].send(packet)) {
      sent++;
    }
    FutureTask<Boolean> sending = start(() -> pair[0].sendWaiting(packet));
    Thread.sleep(50);
    assertFalse(sending.isDone());
    for (int i = 0; i <= sent; i++) {
      assertEquals(SIZE, pair[1].receive(buffer));
    }
    assertTrue(sending.get(5, TimeUnit.SECONDS));
  }

  @Test
  void shutdown_whileReceiving_endOfFileForAll() throws Exception {
    FutureTask<Boolean> here = start(() -> assertEquals(-1, pair[1].receive(buffer)));
    FutureTask<Boolean> there =
        start(() -> assertEquals(-1, pair[0].receive(NativeBuffer.allocate(SIZE))));
    Thread.sleep(50);
    pair[1].shutdown();
    assertTrue(here.get(5, TimeUnit.SECONDS));
    assertTrue(there.get(5, TimeUnit.SECONDS));
  }

  @Test
  void close_whileReceiving_endOfFile() throws Exception {
    FutureTask<Boolean> receiving = start(() -> assertEquals(-1, pair[1].receive(buffer)));
    Thread.sleep(50);
    pair[1].close();
    assertTrue(receiving.get(5, TimeUnit.SECONDS));
  }

  @Test
  void closed_usedAgain_touchesNoDescriptor() throws IOException {
    pair[1].close();
    PacketSocket[] reusesTheNumber = PacketSocket.pair();
    pair[1].close();
    pair[1].shutdown();
    assertEquals(-1, pair[1].receive(buffer));
    NativeFailure failure = assertThrows(NativeFailure.class, () -> pair[1].send(packet("x")));
    assertEquals(ErrNo.EBADF, failure.errno());
    assertTrue(reusesTheNumber[0].send(packet("alive")));
    assertTrue(reusesTheNumber[1].send(packet("alive")));
    reusesTheNumber[0].close();
    reusesTheNumber[1].close();
  }

  @Test
  void pairs_openedAndClosed_leaveNoDescriptor() throws IOException {
    long before = descriptors();
    for (int i = 0; i < 100; i++) {
      PacketSocket[] some = PacketSocket.pair();
      some[0].close();
      some[1].close();
    }
    assertTrue(descriptors() < before + 50, "descriptors leak");
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.count();
    }
  }

  @Test
  void standardInput_notASocket_refused() throws Exception {
    Process child = java(Echo.class, Redirect.PIPE);
    child.getOutputStream().close();
    assertEquals("standard input is not a Unix packet socket\n", text(child.getInputStream()));
    assertEquals(1, child.waitFor());
  }

  /** In a process of its own, whose standard input nobody else needs. */
  @Test
  void standardInput_ofAChild_isTheEndItWasGiven() throws Exception {
    Process parent = java(Parent.class, Redirect.from(new File("/dev/null")));
    assertEquals("to the child, end of file, 0, /dev/null\n", text(parent.getInputStream()));
    assertEquals(0, parent.waitFor());
  }

  private static Process java(Class<?> program, Redirect input) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(java, "-cp", classPath, program.getName())
        .redirectInput(input)
        .redirectErrorStream(true)
        .start();
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Starts {@link Echo} with one end of a pair as its standard input and talks to it. */
  static final class Parent {
    public static void main(String[] args) throws Exception {
      PacketSocket[] pair = PacketSocket.pair();
      Process child = pair[1].asStandardInputDuring(() -> java(Echo.class, Redirect.INHERIT));
      pair[1].close();
      pair[0].sendWaiting(packet("to the child"));
      NativeBuffer echo = NativeBuffer.allocate(SIZE);
      pair[0].receive(echo);
      System.out.print(StandardCharsets.ISO_8859_1.decode(echo.bytes()) + ", ");
      System.out.print(pair[0].receive(echo) < 0 ? "end of file, " : "more, ");
      System.out.print(text(child.getInputStream()) + child.waitFor() + ", ");
      System.out.println(Files.readSymbolicLink(Path.of("/proc/self/fd/0")));
    }
  }

  /** Sends the first packet of its standard input back. */
  static final class Echo {
    public static void main(String[] args) throws IOException {
      try {
        PacketSocket parent = PacketSocket.standardInput();
        NativeBuffer packet = NativeBuffer.allocate(SIZE);
        parent.receive(packet);
        parent.sendWaiting(packet);
      } catch (IOException e) {
        System.err.println(e.getMessage());
        System.exit(1);
      }
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private static FutureTask<Boolean> start(Action action) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              action.run();
              return true;
            });
    new Thread(task, "test").start();
    return task;
  }

  @Test
  void buffer_packetsAndStructs_shareMemoryInTheirOwnByteOrder() {
    ByteBuffer packets = buffer.bytes();
    packets.putInt(0, 0x01020304);
    assertEquals(0x04030201, buffer.fields().getInt(0));
  }
}
