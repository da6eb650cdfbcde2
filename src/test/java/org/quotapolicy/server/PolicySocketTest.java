// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;

@Timeout(10)
class PolicySocketTest {
  private final Path directory;
  private Path path;

  PolicySocketTest(@TempDir Path directory) {
    this.directory = directory;
    this.path = directory.resolve("policy");
  }

  private PolicySocket bind(Transport transport) throws IOException {
    return PolicySocket.bind(path, 0660, OptionalLong.empty(), transport);
  }

  private static int number(FileDescriptor descriptor) throws IOException {
    return FileDescriptorCast.using(descriptor).as(Integer.class);
  }

  private String failure(Transport transport) {
    IOException e = assertThrows(IOException.class, () -> bind(transport).close());
    return String.valueOf(e.getMessage());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private void assertAccepts(PolicySocket socket) throws IOException {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
        SocketChannel accepted = socket.channel().accept()) {
      assertTrue(client.isConnected() && accepted.isConnected());
    }
  }

  private static Object attribute(Path path, String name) throws IOException {
    return Files.getAttribute(path, name, LinkOption.NOFOLLOW_LINKS);
  }

  @ParameterizedTest
  @EnumSource
  void bound_accepts_andNothingElseIsLeft(Transport transport) throws IOException {
    try (PolicySocket socket = bind(transport)) {
      assertAccepts(socket);
      assertEquals(List.of(path), files());
    }
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @EnumSource
  void mode_whateverTheUmask_isTheOneAskedFor(Transport transport) throws IOException {
    for (int mode : new int[] {0666, 0660, 0600, 0777, 0}) {
      OptionalLong none = OptionalLong.empty();
      try (PolicySocket socket = PolicySocket.bind(path, mode, none, transport)) {
        assertTrue(socket.channel().isOpen());
        assertEquals(0140000 | mode, attribute(path, "unix:mode"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void group_isTheOneAskedFor(Transport transport) throws IOException {
    boolean root = attribute(directory, "unix:uid").equals(0);
    int gid = root ? 54321 : (Integer) attribute(directory, "unix:gid");
    try (PolicySocket socket = PolicySocket.bind(path, 0660, OptionalLong.of(gid), transport)) {
      assertTrue(socket.channel().isOpen());
      assertEquals(gid, attribute(path, "unix:gid"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void staleSocket_isReplaced(Transport transport) throws IOException {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));
    try (PolicySocket socket = bind(transport)) {
      assertAccepts(socket);
    }
    assertFalse(Files.exists(path));
  }

  @ParameterizedTest
  @EnumSource
  void livingSocket_isAnErrorAndStays(Transport transport) throws IOException {
    try (PolicySocket living = bind(transport)) {
      assertEquals(
          "policy socket " + path + ": another process is listening on it", failure(transport));
      // The probe waits to be accepted, too.
      living.channel().accept().close();
      assertAccepts(living);
    }
  }

  @ParameterizedTest
  @EnumSource
  void livingSocket_thatIsStuck_isAnErrorToo(Transport transport) throws IOException {
    try (ServerSocketChannel stuck = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stuck.bind(UnixDomainSocketAddress.of(path), 1);
      try (SocketChannel first = SocketChannel.open(UnixDomainSocketAddress.of(path));
          SocketChannel second = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
        assertTrue(first.isConnected() && second.isConnected());
        assertTrue(failure(transport).contains("another process is listening on it"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void otherFile_isAnErrorAndStays(Transport transport) throws IOException {
    Files.writeString(path, "precious");
    assertEquals(
        "policy socket " + path + ": something else than a socket is there; remove it first",
        failure(transport));
    assertEquals("precious", Files.readString(path));
  }

  @ParameterizedTest
  @EnumSource
  void symbolicLink_isAnErrorAndStays(Transport transport) throws IOException {
    Files.createSymbolicLink(path, directory.resolve("nowhere"));
    assertTrue(failure(transport).contains("something else than a socket"));
    assertEquals(List.of(path), files());
  }

  @ParameterizedTest
  @EnumSource
  void directory_missing_isAnError(Transport transport) {
    path = directory.resolve("missing").resolve("policy");
    assertEquals("policy socket " + path + ": no such directory", failure(transport));
  }

  @ParameterizedTest
  @EnumSource
  void path_upToTheBound_isPossible(Transport transport) throws IOException {
    int rest = transport.maxPath - directory.toString().length() - 1;
    path = directory.resolve("x".repeat(rest));
    bind(transport).close();
    path = directory.resolve("x".repeat(rest - 1) + "\u00e4");
    int length = transport.maxPath + 1;
    assertEquals(
        "policy socket " + path + ": path has " + length + " bytes, at most " + (length - 1),
        failure(transport));
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @EnumSource
  void close_whenReplaced_leavesTheOther(Transport transport) throws IOException {
    PolicySocket first = bind(transport);
    Files.delete(path);
    try (PolicySocket second = bind(transport)) {
      first.close();
      first.close();
      assertAccepts(second);
    }
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @EnumSource
  void close_whenRemoved_isQuiet(Transport transport) throws IOException {
    PolicySocket socket = bind(transport);
    Files.delete(path);
    socket.close();
    assertFalse(socket.channel().isOpen());
  }

  /** As a service manager that keeps the socket when we end. */
  @Test
  void adopted_accepts_andOutlivesUs() throws Exception {
    try (AFUNIXServerSocketChannel kept = AFUNIXServerSocketChannel.open()) {
      kept.bind(AFUNIXSocketAddress.of(path));
      for (int life = 0; life < 2; life++) {
        try (PolicySocket socket = PolicySocket.adopt(number(kept.getFileDescriptor()))) {
          assertEquals(path, socket.path());
          assertAccepts(socket);
        }
      }
      assertEquals(List.of(path), files());
    }
  }

  @Test
  void adopted_notASocket_isAnError() throws Exception {
    try (FileInputStream file = new FileInputStream("/dev/null")) {
      int number = number(file.getFD());
      IOException e = assertThrows(IOException.class, () -> PolicySocket.adopt(number));
      assertEquals("descriptor " + number + " is not a listening Unix socket", e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void isInPlace_untilTheFileIsGone(Transport transport) throws IOException {
    try (PolicySocket socket = bind(transport)) {
      assertTrue(socket.isInPlace());
      Files.delete(path);
      assertFalse(socket.isInPlace());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void isInPlace_anothersSocketIsThere_isNot(Transport transport) throws IOException {
    try (PolicySocket socket = bind(transport)) {
      Files.move(path, directory.resolve("aside"));
      assertFalse(socket.isInPlace());
      try (PolicySocket other = bind(transport)) {
        assertFalse(socket.isInPlace());
        assertTrue(other.isInPlace());
      }
    }
  }

  /** Nothing is wrong then: the daemon ends. */
  @ParameterizedTest
  @EnumSource(Transport.class)
  void isInPlace_afterItsClose_stillIs(Transport transport) throws IOException {
    PolicySocket socket = bind(transport);
    socket.close();
    assertFalse(Files.exists(path));
    assertTrue(socket.isInPlace());
  }
}
