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
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.server.Handlers.Manual;
import org.quotapolicy.server.Handlers.Waiting;

@Timeout(20)
class PolicyServerStopTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Path directory;
  private final Manual manual = new Manual();

  PolicyServerStopTest(@TempDir Path directory) {
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
  void round_comes_unlessTheServersThreadIsStuck(Transport transport) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    RequestHandler stuck =
        (request, reply) -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          reply.reply(Handlers.echo(request));
        };
    try (TestServer server = new TestServer(directory, transport, TestServer.PATIENT, stuck);
        Client client = server.connect()) {
      assertTrue(server.server().comesRound(LONG));
      client.send("recipient=a\n\n");
      awaitStuck(server);
      end.countDown();
      assertTrue(server.server().comesRound(LONG));
    }
  }

  private static void awaitStuck(TestServer server) throws InterruptedException {
    while (server.server().comesRound(SHORT)) {
      Thread.sleep(SHORT.toMillis());
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
