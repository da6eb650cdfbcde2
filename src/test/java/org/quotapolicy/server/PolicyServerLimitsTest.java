// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.server.Handlers.Manual;
import org.quotapolicy.server.Handlers.Waiting;
import org.quotapolicy.server.Statistics.Fault;

@Timeout(20)
class PolicyServerLimitsTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Path directory;
  private final Manual manual = new Manual();

  PolicyServerLimitsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private TestServer echo(Transport transport) throws IOException {
    return new TestServer(directory, transport, TestServer.PATIENT, Handlers.ECHO);
  }

  private TestServer manual(Transport transport, Limits limits) throws IOException {
    return new TestServer(directory, transport, limits, manual);
  }

  private TestServer manual(Transport transport) throws IOException {
    return manual(transport, TestServer.PATIENT);
  }

  @ParameterizedTest
  @EnumSource
  void thousandIdleConnections_doNotKeepOneFromBeingServed(Transport transport) throws Exception {
    List<Client> idle = new ArrayList<>();
    try (TestServer server = echo(transport);
        Client client = server.connect()) {
      for (int i = 0; i < 1_000; i++) {
        idle.add(server.connect());
      }
      for (int i = 0; i < 100; i++) {
        assertEquals("450 <a>", client.ask("a"));
      }
      for (Client each : idle) {
        assertEquals("450 <b>", each.ask("b"));
      }
    } finally {
      for (Client each : idle) {
        each.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void slowPeer_isClosed_othersAreServed(Transport transport) throws Exception {
    try (TestServer server = manual(transport, new Limits(9, LONG, SHORT, LONG, LONG));
        Client slow = server.connect();
        Client idle = server.connect();
        Client waiting = server.connect()) {
      waiting.send("recipient=w\n\n");
      slow.send("recipient=a\nsize=");
      assertEquals("end", slow.receive());
      server.awaitLog("connection closed: peer too slow");
      manual.take().answer();
      assertEquals("450 <w>", waiting.receive());
      idle.send("recipient=i\n\n");
      manual.take().answer();
      assertEquals("450 <i>", idle.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void slowPeer_thatKeepsSending_isClosedToo(Transport transport) throws Exception {
    try (TestServer server = manual(transport, new Limits(9, LONG, SHORT, LONG, LONG));
        Client slow = server.connect()) {
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              slow.send("x=\n");
              Thread.sleep(1);
            }
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void garbage_endsItsOwnConnectionOnly(Transport transport) throws Exception {
    try (TestServer server = echo(transport);
        Client good = server.connect();
        Client bad = server.connect();
        Client endless = server.connect()) {
      bad.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("end", bad.receive());
      assertEquals("quotapolicy: warning: connection closed: line without '='\n", server.log());
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              endless.send("x".repeat(1_000));
            }
          });
      assertEquals("450 <a>", good.ask("a"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void peer_thatNeverReads_isClosed(Transport transport) throws Exception {
    Limits limits = new Limits(9, LONG, LONG, SHORT, LONG);
    try (TestServer server = new TestServer(directory, transport, limits, Handlers.ECHO);
        Client deaf = server.connect();
        Client good = server.connect()) {
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              deaf.send(("recipient=" + "x".repeat(480) + "\n\n").repeat(100));
            }
          });
      server.awaitLog("connection closed: peer too slow");
      assertEquals("450 <a>", good.ask("a"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noDecision_inTime_isAnsweredOnError(Transport transport) throws Exception {
    try (TestServer server = manual(transport, new Limits(9, SHORT, LONG, LONG, LONG));
        Client client = server.connect()) {
      assertEquals(Handlers.ON_ERROR.toString(), client.ask("late"));
      server.awaitLog(
          "no decision in time, answered 450 4.3.0 On error: queue_id= instance= recipient=<late>");
      client.send("recipient=next\n\n");
      Waiting late = manual.take();
      Waiting next = manual.take();
      late.answer();
      next.answer();
      assertEquals("450 <next>", client.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void handler_thatThrows_isAnsweredOnError(Transport transport) throws Exception {
    BlockingQueue<String> without = new LinkedBlockingQueue<>();
    RequestHandler broken =
        new RequestHandler() {
          @Override
          public void handle(AccessPolicyRequest request, ReplySink reply) {
            throw new IllegalStateException("broken");
          }

          @Override
          public Action onError(AccessPolicyRequest request) {
            return Handlers.ON_ERROR;
          }

          @Override
          public void decidedWithout(AccessPolicyRequest request, Action action, String reason) {
            without.add(request.recipient() + " " + action + " " + reason);
          }
        };
    try (TestServer server = new TestServer(directory, transport, TestServer.PATIENT, broken);
        Client client = server.connect()) {
      assertEquals(Handlers.ON_ERROR.toString(), client.ask("a"));
      assertEquals(Handlers.ON_ERROR.toString(), client.ask("b"));
      assertTrue(server.log().contains("handler failed: java.lang.IllegalStateException: broken"));
      assertEquals("a " + Handlers.ON_ERROR + " handler failed", without.take());
      assertEquals("b " + Handlers.ON_ERROR + " handler failed", without.take());
    }
  }

  @ParameterizedTest
  @EnumSource
  void request_unusable_isDunnoWithoutAsking(Transport transport) throws Exception {
    try (TestServer server = manual(transport);
        Client client = server.connect()) {
      assertEquals("DUNNO", client.ask("x".repeat(5_000)));
      assertTrue(server.log().contains("recipient too long"));
      client.send("request=other\n\n");
      assertEquals("DUNNO", client.receive());
      assertTrue(manual.isEmpty());
      assertEquals("DUNNO recipient too long", manual.takeWithout());
      assertEquals("DUNNO not a request for an access policy", manual.takeWithout());
    }
  }

  @ParameterizedTest
  @EnumSource
  void connections_tooMany_longestIdleMakesRoom(Transport transport) throws Exception {
    try (TestServer server = manual(transport, limits(3));
        Client busy = server.connect();
        Client older = server.connect()) {
      busy.send("recipient=busy\n\n");
      Waiting waiting = manual.take();
      ask(older, "older");
      try (Client newer = server.connect()) {
        ask(newer, "newer");
        ask(older, "again");
        try (Client latest = server.connect()) {
          ask(latest, "latest");
          assertEquals("end", newer.receive());
          ask(older, "still");
          waiting.answer();
          assertEquals("450 <busy>", busy.receive());
        }
      }
    }
  }

  /** Those that are owed answers stay. */
  @ParameterizedTest
  @EnumSource
  void connections_tooManyAndNoneIdle_longestHalfRequestMakesRoom(Transport transport)
      throws Exception {
    try (TestServer server = manual(transport, limits(3));
        Client busy = server.connect();
        Client half = server.connect();
        Client newerHalf = server.connect()) {
      busy.send("recipient=busy\n\n");
      Waiting waiting = manual.take();
      ask(half, "half");
      ask(newerHalf, "newer");
      half.send("recipient=a\n");
      Thread.sleep(20);
      newerHalf.send("recipient=b\n");
      Thread.sleep(20);
      try (Client latest = server.connect()) {
        ask(latest, "latest");
        assertEquals("end", half.receive());
        newerHalf.send("\n");
        manual.take().answer();
        assertEquals("450 <b>", newerHalf.receive());
        waiting.answer();
        assertEquals("450 <busy>", busy.receive());
      }
    }
  }

  /** Who waits for an answer stays, and who sends at once. */
  @ParameterizedTest
  @EnumSource
  void halfRequests_tooMany_longestIsClosed(Transport transport) throws Exception {
    try (TestServer server = new TestServer(directory, transport, limits(9), 2, manual);
        Client busy = server.connect();
        Client ahead = server.connect();
        Client half = server.connect();
        Client newerHalf = server.connect();
        Client good = server.connect()) {
      busy.send("recipient=busy\n\n");
      Waiting waiting = manual.take();
      ahead.send("recipient=1\n\nrecipient=2\n\n");
      manual.take();
      Thread.sleep(20);
      half.send("recipient=a\n");
      Thread.sleep(20);
      newerHalf.send("recipient=b\n");
      assertEquals("end", ahead.receive());
      server.awaitLog("connection closed: too many half requests");
      ask(good, "good");
      half.send("\n");
      manual.take().answer();
      assertEquals("450 <a>", half.receive());
      newerHalf.send("\n");
      manual.take().answer();
      assertEquals("450 <b>", newerHalf.receive());
      waiting.answer();
      assertEquals("450 <busy>", busy.receive());
      assertEquals(Map.of(Fault.CLOSED_FOR_ROOM, 1L), server.statistics().faults());
    }
  }

  /** What was taken is given back, however it ends. */
  @ParameterizedTest
  @EnumSource
  void halfRequests_oneAfterTheOther_areNotTooMany(Transport transport) throws Exception {
    try (TestServer server = new TestServer(directory, transport, limits(9), 2, manual)) {
      for (int i = 0; i < 5; i++) {
        try (Client client = server.connect()) {
          client.send("recipient=1\n\nrecipient=2\n\nrecipient=");
          manual.take().answer();
          manual.take().answer();
          assertEquals("450 <1>", client.receive());
          assertEquals("450 <2>", client.receive());
          client.send("3\n\n");
          manual.take().answer();
          assertEquals("450 <3>", client.receive());
          client.send(i % 2 == 0 ? "recipient=" : "nonsense\n");
        }
        try (Client next = server.connect()) {
          ask(next, "next");
        }
      }
      assertFalse(server.log().contains("too many half requests"), server.log());
    }
  }

  @Test
  void room_isWhatTheHeapHolds() {
    Statistics statistics = new Statistics();
    assertEquals(10_922, Room.inHeap(100_000, 64 << 20, statistics).most());
    assertEquals(1_024, Room.inHeap(100_000, 64 << 20, statistics).mostParts());
    assertEquals(4_096, Room.inHeap(4_096, 64 << 20, statistics).most());
    assertEquals(100_000, Room.inHeap(100_000, Long.MAX_VALUE, statistics).most());
  }

  private static Limits limits(int connections) {
    return new Limits(connections, LONG, LONG, LONG, LONG);
  }

  private void ask(Client client, String recipient) throws Exception {
    client.send("recipient=" + recipient + "\n\n");
    manual.take().answer();
    assertEquals("450 <" + recipient + ">", client.receive());
  }

  @ParameterizedTest
  @EnumSource
  void connections_tooManyAndNoneIdle_waitToBeAccepted(Transport transport) throws Exception {
    try (TestServer server = manual(transport, limits(2));
        Client one = server.connect();
        Client two = server.connect()) {
      one.send("recipient=1\n\n");
      two.send("recipient=2\n\n");
      Waiting first = manual.take();
      Waiting second = manual.take();
      try (Client three = server.connect()) {
        three.send("recipient=3\n\n");
        Thread.sleep(20);
        assertTrue(manual.isEmpty());
        first.answer();
        manual.take().answer();
        assertEquals("450 <3>", three.receive());
      }
      second.answer();
    }
  }
}
