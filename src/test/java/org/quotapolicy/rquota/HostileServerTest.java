// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.QuotaState;

/** A service that is registered for TCP only, and abuses the connection. */
class HostileServerTest {
  private final FakeServer server = open();
  private final Asked client = Asked.of(server);

  private static FakeServer open() {
    try {
      return new FakeServer();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it sends; the connection then stays open. */
  @FunctionalInterface
  private interface Stream {
    void write(Request request, DataOutputStream out) throws IOException;
  }

  @BeforeEach
  void tcpOnly() {
    server.registered = by -> by == Transport.TCP ? server.port(by) : 0;
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private void sends(Stream stream) {
    server.onTcp =
        (request, socket) -> stream.write(request, new DataOutputStream(socket.getOutputStream()));
  }

  private void assertTrouble(String words) {
    Asked.Told told = client.ask();
    assertTrue(told.trouble().contains(words), told::trouble);
    assertTrue(told.took().compareTo(Asked.TIMEOUT.plusMillis(400)) < 0, told::toString);
  }

  @Test
  void record_inManyPieces_isPutTogether() {
    sends(
        (request, out) -> {
          byte[] reply = request.ok(100, 50, 7);
          out.writeInt(0);
          out.writeInt(10);
          out.write(reply, 0, 10);
          for (int i = 10; i < 20; i++) {
            out.writeInt(1);
            out.write(reply, i, 1);
            out.flush();
          }
          out.writeInt(0x8000_0000 | reply.length - 20);
          out.write(reply, 20, reply.length - 20);
        });

    assertEquals(QuotaState.ENFORCED, client.ask().user().state());
  }

  @Test
  void record_ofTwoGigabytes_isNotRead() {
    sends((request, out) -> out.writeInt(-1));
    assertTrouble("it is too long");
  }

  @Test
  void record_ofEmptyFragmentsWithoutEnd_isGivenUp() {
    sends(
        (request, out) -> {
          while (true) {
            out.writeInt(0);
          }
        });
    assertTrouble("too many fragments");
  }

  @Test
  void record_thatNeverEnds_isGivenUp() {
    sends(
        (request, out) -> {
          while (true) {
            out.writeInt(512);
            out.write(new byte[512]);
          }
        });
    assertTrouble("it is too long");
  }

  @Test
  void record_thatDrips_isGivenUpInTime() {
    sends(
        (request, out) -> {
          out.writeInt(0x8000_0044);
          for (byte b : request.ok(100, 50, 7)) {
            out.write(b);
            sleep();
          }
        });
    assertTrouble("did not answer within");
  }

  @Test
  void record_forAnotherCall_isGivenUp() {
    sends(
        (request, out) -> {
          byte[] reply = request.ok(100, 50, 7);
          reply[3]++;
          out.writeInt(0x8000_0000 | reply.length);
          out.write(reply);
        });
    assertTrouble("a reply to another call");
  }

  @Test
  void connection_closedAtOnce_couldNotTell() {
    server.onTcp = (request, socket) -> socket.close();
    assertTrouble("closed the connection");
  }

  @Test
  void connection_reset_couldNotTell() {
    server.onTcp = HostileServerTest::reset;
    assertTrouble("reset");
  }

  @Test
  void portMapper_withAPortThatThereIsNot_couldNotTell() {
    server.registered = by -> 70_000;
    assertTrouble("did not answer within");
  }

  @Test
  void portMapper_thatIsAnother_couldNotTell() {
    server.mapper = request -> List.of(request.accepted(1));
    assertTrouble("is no port mapper");
  }

  private static void reset(Request request, Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
