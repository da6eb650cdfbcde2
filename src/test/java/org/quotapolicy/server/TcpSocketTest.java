// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.server.Handlers.Manual;
import org.quotapolicy.server.Handlers.Waiting;

/** A server on the policy socket and on TCP. */
@Timeout(20)
class TcpSocketTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Log log = new Log(written, System::nanoTime);
  private final Path path;
  private final List<AutoCloseable> toClose = new ArrayList<>();

  TcpSocketTest(@TempDir Path directory) {
    path = directory.resolve("policy");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose) {
      each.close();
    }
  }

  private static boolean everybody(InetAddress peer) {
    return true;
  }

  private static boolean nobody(InetAddress peer) {
    return false;
  }

  private static InetSocketAddress at(String host, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getAllByName(host)[0], port);
  }

  /** Serves; returns the TCP address. */
  private SocketAddress serve(
      Predicate<InetAddress> allowed, Limits limits, RequestHandler handler, String host)
      throws Exception {
    TcpSocket tcp = TcpSocket.bind(at(host, 0), allowed);
    SocketAddress address = tcp.channel().getLocalAddress();
    PolicySocket unix = PolicySocket.bind(path, 0600, OptionalLong.empty(), Transport.JUNIXSOCKET);
    PolicyServers servers =
        new PolicyServers(List.of(unix, tcp), handler, limits, new Statistics(), log);
    Thread thread = new Thread(() -> run(servers), "servers");
    thread.start();
    toClose.add(
        () -> {
          servers.stop();
          thread.join();
        });
    return address;
  }

  private static void run(PolicyServers servers) {
    try {
      servers.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Client connect(SocketAddress address) throws IOException {
    Client client = new Client(address);
    toClose.add(0, client);
    return client;
  }

  private Client connectUnix() throws IOException {
    return connect(UnixDomainSocketAddress.of(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void peer_thatIsAllowed_isAnswered(String host) throws Exception {
    SocketAddress address =
        serve(TcpSocketTest::everybody, TestServer.PATIENT, Handlers.ECHO, host);
    Client client = connect(address);
    assertEquals("450 <a>", client.ask("a"));
    assertEquals("450 <b>", client.ask("b"));
    assertEquals("450 <c>", connectUnix().ask("c"));
  }

  @Test
  void peer_thatIsNotAllowed_isClosedAndTold() throws Exception {
    SocketAddress address =
        serve(TcpSocketTest::nobody, TestServer.PATIENT, Handlers.ECHO, "127.0.0.1");
    for (int i = 0; i < 500; i++) {
      assertEquals("end", connect(address).receive());
    }
    assertEquals("450 <c>", connectUnix().ask("c"));
    log.flush();
    String said = written.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("warning: connection closed: peer /127.0.0.1:"), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  void room_takenByOneListener_isMadeForTheOther() throws Exception {
    Limits limits = TestServer.PATIENT.withConnections(10);
    SocketAddress address = serve(TcpSocketTest::everybody, limits, Handlers.ECHO, "127.0.0.1");
    Client unix = connectUnix();
    assertEquals("450 <u>", unix.ask("u"));
    List<Client> flood = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      flood.add(connect(address));
      assertEquals("450 <t>", flood.get(i).ask("t"));
    }
    Client second = connectUnix();
    assertEquals("450 <v>", second.ask("v"));
    assertEquals("450 <u>", unix.ask("u"));
    assertEquals("end", flood.get(40).receive());
    assertEquals("end", flood.get(41).receive());
    for (int i = 42; i < 50; i++) {
      assertEquals("450 <t>", flood.get(i).ask("t"));
    }
  }

  @Test
  void stop_answersOwedOnBoth_areGiven() throws Exception {
    Manual manual = new Manual();
    SocketAddress address =
        serve(TcpSocketTest::everybody, TestServer.PATIENT, manual, "127.0.0.1");
    Client tcp = connect(address);
    Client unix = connectUnix();
    tcp.send("recipient=t\n\n");
    Waiting first = manual.take();
    unix.send("recipient=u\n\n");
    Waiting second = manual.take();
    Thread stopper = new Thread(() -> closeLast(), "stopper");
    stopper.start();
    Thread.sleep(50);
    first.answer();
    assertEquals("450 <t>", tcp.receive());
    second.answer();
    assertEquals("450 <u>", unix.receive());
    stopper.join();
    assertThrows(IOException.class, () -> new Client(address));
  }

  private void closeLast() {
    try {
      toClose.get(toClose.size() - 1).close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void address_thatIsTaken_isSaid() throws Exception {
    try (TcpSocket first = TcpSocket.bind(at("127.0.0.1", 0), TcpSocketTest::nobody)) {
      InetSocketAddress taken = (InetSocketAddress) first.channel().getLocalAddress();
      IOException e =
          assertThrows(IOException.class, () -> TcpSocket.bind(taken, TcpSocketTest::nobody));
      assertEquals(
          "--listen inet:127.0.0.1:" + taken.getPort() + ": Address already in use",
          e.getMessage());
    }
  }

  @Test
  void name_isPostfixs() throws Exception {
    assertEquals("inet:127.0.0.1:25", TcpSocket.name(at("127.0.0.1", 25)));
    assertEquals("inet:[::1]:25", TcpSocket.name(at("::1", 25)));
    assertEquals("inet:[::]:25", TcpSocket.name(at("::", 25)));
    assertEquals("inet:[2001:db8::7:0:0:1]:25", TcpSocket.name(at("2001:db8:0:0:7::1", 25)));
  }
}
