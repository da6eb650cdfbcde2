// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.Transcripts;
import org.quotapolicy.server.Handlers.Manual;
import org.quotapolicy.server.Handlers.Waiting;

@Timeout(20)
class PolicyServerTest {

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
}
