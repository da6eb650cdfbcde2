// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.Transcripts;
import org.quotapolicy.server.Handlers.Manual;
import org.quotapolicy.server.Handlers.Waiting;

@Timeout(20)
class PolicyServerTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Path directory;
  private final Manual manual = new Manual();

  PolicyServerTest(@TempDir Path directory) {
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
  void transcripts_onOneConnection_areAnswered(Transport transport) throws Exception {
    try (TestServer server = echo(transport);
        Client client = server.connect()) {
      client.send(Transcripts.read(Transcripts.RCPT));
      assertEquals("450 <alice+lists@example.com>", client.receive());
      client.send(Transcripts.read(Transcripts.DATA_THREE_RECIPIENTS));
      assertEquals("450 <>", client.receive());
      client.send(Transcripts.read(Transcripts.END_OF_MESSAGE));
      assertEquals("450 <bob@example.com>", client.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void request_byteByByte_isAnswered(Transport transport) throws Exception {
    try (TestServer server = echo(transport);
        Client client = server.connect()) {
      for (byte b : Transcripts.read(Transcripts.RCPT)) {
        client.send(new byte[] {b});
      }
      assertEquals("450 <alice+lists@example.com>", client.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void pipelined_requests_areAnsweredInOrder(Transport transport) throws Exception {
    try (TestServer server = echo(transport);
        Client client = server.connect()) {
      assertInOrder(client, 2_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pipelined_answeredElsewhere_areAnsweredInOrder(Transport transport) throws Exception {
    RequestHandler elsewhere =
        (request, reply) -> new Thread(() -> reply.reply(Handlers.echo(request))).start();
    try (TestServer server = new TestServer(directory, transport, TestServer.PATIENT, elsewhere);
        Client client = server.connect()) {
      assertInOrder(client, 500);
    }
  }

  private static void assertInOrder(Client client, int count) throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < count; i++) {
      requests.append("recipient=").append(i).append("\n\n");
    }
    client.send(requests.toString());
    for (int i = 0; i < count; i++) {
      assertEquals("450 <" + i + ">", client.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void pipelined_whileOneIsUnderWay_waits(Transport transport) throws Exception {
    try (TestServer server = manual(transport);
        Client client = server.connect();
        Client other = server.connect()) {
      client.send("recipient=a\n\nrecipient=b\n\n");
      Waiting first = manual.take();
      client.send("recipient=c\n\n");
      other.send("recipient=x\n\n");
      manual.take().answer();
      assertEquals("450 <x>", other.receive());
      assertTrue(manual.isEmpty());
      first.answer();
      manual.take().answer();
      manual.take().answer();
      assertEquals("450 <a>", client.receive());
      assertEquals("450 <b>", client.receive());
      assertEquals("450 <c>", client.receive());
    }
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
  void peer_thatReadsLate_getsAllAnswers(Transport transport) throws Exception {
    int count = 3_000;
    String recipient = "x".repeat(480);
    try (TestServer server = echo(transport);
        Client late = server.connect()) {
      Thread sender =
          new Thread(
              () -> {
                try {
                  late.send(("recipient=" + recipient + "\n\n").repeat(count));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      sender.start();
      Thread.sleep(50);
      for (int i = 0; i < count; i++) {
        assertEquals("450 <" + recipient + ">", late.receive());
      }
      sender.join();
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
  void answer_given_countsOnce(Transport transport) throws Exception {
    RequestHandler twice =
        (request, reply) -> {
          reply.reply(Handlers.echo(request));
          reply.reply(Action.DUNNO);
        };
    try (TestServer server = new TestServer(directory, transport, TestServer.PATIENT, twice);
        Client client = server.connect()) {
      assertEquals("450 <a>", client.ask("a"));
      assertEquals("450 <b>", client.ask("b"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void handler_thatThrows_isAnsweredOnError(Transport transport) throws Exception {
    RequestHandler broken =
        new RequestHandler() {
          @Override
          public void handle(AccessPolicyRequest request, ReplySink reply) {
            throw new IllegalStateException("broken");
          }

          @Override
          public Action onError() {
            return Handlers.ON_ERROR;
          }
        };
    try (TestServer server = new TestServer(directory, transport, TestServer.PATIENT, broken);
        Client client = server.connect()) {
      assertEquals(Handlers.ON_ERROR.toString(), client.ask("a"));
      assertEquals(Handlers.ON_ERROR.toString(), client.ask("b"));
      assertTrue(server.log().contains("handler failed: java.lang.IllegalStateException: broken"));
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
    }
  }

  @ParameterizedTest
  @EnumSource
  void peer_thatShutsItsOutput_getsItsAnswer(Transport transport) throws Exception {
    try (TestServer server = manual(transport);
        Client client = server.connect()) {
      client.send("recipient=a\n\nrecipient=b\n\nrecip");
      client.channel().shutdownOutput();
      manual.take().answer();
      manual.take().answer();
      assertEquals("450 <a>", client.receive());
      assertEquals("450 <b>", client.receive());
      assertEquals("end", client.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void peer_thatGoesWhileWaiting_harmsNobody(Transport transport) throws Exception {
    try (TestServer server = manual(transport);
        Client good = server.connect()) {
      for (int i = 0; i < 100; i++) {
        Client gone = server.connect();
        gone.send("recipient=a\n\n");
        Waiting waiting = manual.take();
        gone.close();
        waiting.answer();
      }
      good.send("recipient=b\n\n");
      manual.take().answer();
      assertEquals("450 <b>", good.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void peer_thatGoesAtAnyByte_harmsNobody(Transport transport) throws Exception {
    byte[] request = Transcripts.read(Transcripts.RCPT);
    try (TestServer server = echo(transport);
        Client good = server.connect()) {
      for (int length = 0; length <= request.length; length++) {
        try (Client gone = server.connect()) {
          gone.send(Arrays.copyOf(request, length));
        }
      }
      assertEquals("450 <a>", good.ask("a"));
      assertEquals("", server.log());
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

  @ParameterizedTest
  @EnumSource
  void stop_answersOwed_areGiven(Transport transport) throws Exception {
    try (TestServer server = manual(transport);
        Client idle = server.connect();
        Client begun = server.connect();
        Client owed = server.connect()) {
      begun.send("recipient=");
      owed.send("recipient=a\n\n");
      Waiting waiting = manual.take();
      Thread stopper = stopper(server);
      assertEquals("end", idle.receive());
      assertEquals("end", begun.receive());
      assertFalse(Files.exists(server.path()));
      assertThrows(IOException.class, server::connect);
      assertTrue(stopper.isAlive());
      waiting.answer();
      assertEquals("450 <a>", owed.receive());
      assertEquals("end", owed.receive());
      stopper.join();
    }
  }

  private static Thread stopper(TestServer server) {
    Thread stopper = new Thread(() -> server.server().stop());
    stopper.start();
    return stopper;
  }

  @ParameterizedTest
  @EnumSource
  void stop_answersThatDoNotCome_areOnError(Transport transport) throws Exception {
    try (TestServer server = manual(transport, new Limits(9, LONG, LONG, LONG, SHORT));
        Client owed = server.connect()) {
      owed.send("recipient=a\n\n");
      manual.take();
      server.server().stop();
      assertEquals(Handlers.ON_ERROR.toString(), owed.receive());
      assertEquals("end", owed.receive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void stop_withPeersThatNeverRead_ends(Transport transport) throws Exception {
    Limits limits = new Limits(9, LONG, LONG, LONG, SHORT);
    try (TestServer server = new TestServer(directory, transport, limits, Handlers.ECHO);
        Client deaf = server.connect()) {
      deaf.channel().configureBlocking(false);
      String request = "recipient=" + "x".repeat(480) + "\n\n";
      ByteBuffer requests =
          ByteBuffer.wrap(request.repeat(5_000).getBytes(StandardCharsets.US_ASCII));
      for (int blocked = 0; blocked < 20 && requests.hasRemaining(); blocked++) {
        while (deaf.channel().write(requests) > 0) {}
        Thread.sleep(1);
      }
      server.server().stop();
    }
    assertFalse(Files.exists(directory.resolve("policy")));
  }

  @ParameterizedTest
  @EnumSource
  void stop_nobodyConnected_ends(Transport transport) throws Exception {
    try (TestServer server = echo(transport)) {
      server.server().stop();
      server.server().stop();
      assertEquals("", server.log());
    }
  }
}
