// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Hello;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.FromHelper.Pong;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.ToHelper;

/** Helpers that end, hang, or are not what they should be. */
@Timeout(30)
class HelperLifeTest {

  private static final Duration SHORT = Duration.ofMillis(100);
  private static final int OTHER_VERSION = Packets.VERSION + 1;

  /** Ways to end, and what the log says of them. */
  static List<Object[]> endings() {
    FakeHelper.Script beforeHello = helper -> {};
    FakeHelper.Script afterHello = FakeHelper::hello;
    FakeHelper.Script atLookup = FakeHelperScripts::refuseLookups;
    FakeHelper.Script twoHellos =
        helper -> {
          helper.hello();
          FakeHelper.behave(helper);
        };
    FakeHelper.Script answerFirst =
        helper -> {
          helper.say(new Answer(1, new Outcome.NoUser()));
          helper.serve();
        };
    FakeHelper.Script pongFirst =
        helper -> {
          helper.say(new Pong(1));
          helper.serve();
        };
    FakeHelper.Script otherVersion =
        helper -> {
          helper.say(new Hello(OTHER_VERSION, 4711));
          helper.serve();
        };
    FakeHelper.Script garbageFirst =
        helper -> {
          helper.babble((byte) 'X', (byte) 0);
          helper.serve();
        };
    FakeHelper.Script garbageForAnswer =
        helper -> {
          helper.hello();
          helper.next();
          helper.babble((byte) 'A', (byte) 0, (byte) 0);
          helper.serve();
        };
    FakeHelper.Script tooLong =
        helper -> {
          helper.hello();
          helper.next();
          helper.babbleTooMuch();
          helper.serve();
        };
    FakeHelper.Script echo =
        helper -> {
          helper.hello();
          ToHelper packet = helper.next();
          helper.babble((byte) 'P', (byte) 0, (byte) 0, (byte) 0, (byte) (packet == null ? 0 : 1));
          helper.serve();
        };
    return List.of(
        new Object[] {"ended: its process exited with status 3", beforeHello},
        new Object[] {"ended: its process exited with status 3", afterHello},
        new Object[] {"ended: its process exited with status 3", atLookup},
        new Object[] {"ended: it says HELLO again", twoHellos},
        new Object[] {"ended: it speaks before its HELLO", answerFirst},
        new Object[] {"ended: it speaks before its HELLO", pongFirst},
        new Object[] {"ended: it and the daemon are of different versions", otherVersion},
        new Object[] {"ended: it talks nonsense: unknown packet from the helper: 88", garbageFirst},
        new Object[] {
          "ended: it talks nonsense: packet from the helper cut short", garbageForAnswer
        },
        new Object[] {
          "ended: it cannot be read from: recv(a packet of 65537 bytes): EMSGSIZE", tooLong
        },
        new Object[] {"ended: it talks nonsense: unknown packet from the helper: 80", echo});
  }

  @ParameterizedTest
  @MethodSource("endings")
  void sudo_helperFails_nextOneAnswers(String log, FakeHelper.Script script) throws Exception {
    FakeStarter starter = FakeStarter.sudo(script, script, FakeHelper::behave);
    try (Client client = new Client(starter)) {
      List<CompletableFuture<LookupResult>> results = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        results.add(client.ask("u" + i));
      }
      for (int i = 0; i < 10; i++) {
        assertEquals(new Found(FakeHelper.user(i)), results.get(i).get());
      }
      client.awaitLog("warning: helper " + log);
      assertEquals(3, starter.starts());
      assertEquals(0, client.losses());
    }
  }

  @ParameterizedTest
  @MethodSource("endings")
  void direct_helperFails_isLost(String log, FakeHelper.Script script) throws Exception {
    try (Client client = new Client(FakeStarter.direct(script))) {
      CompletableFuture<LookupResult> result = client.ask("u1");
      client.awaitLost();
      assertTrue(result.get() instanceof CouldNotTell);
      assertTrue(client.ask("u2").getNow(null) instanceof CouldNotTell);
      client.awaitLog("warning: helper " + log);
      assertFalse(client.client().awaitReady(Client.AMPLE));
      assertEquals(1, client.losses());
    }
  }

  /** The daemon may end in that call, so that all are answered by the next one. */
  @Test
  void direct_helperIsLost_isSaidBeforeAnybodyIsAnswered() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    FakeHelper.Script script =
        helper -> {
          helper.hello();
          end.await();
        };
    try (Client client = new Client(FakeStarter.direct(script))) {
      List<CompletableFuture<LookupResult>> asked = new CopyOnWriteArrayList<>();
      List<Boolean> answered = new CopyOnWriteArrayList<>();
      client.whenLost(
          () -> {
            asked.add(client.ask("u1"));
            answered.add(asked.get(0).isDone());
          });
      end.countDown();
      client.awaitLost();
      assertEquals(List.of(false), answered);
      assertTrue(asked.get(0).get() instanceof CouldNotTell);
    }
  }

  /** Answers and pongs for which nobody asked are dropped, and cost no memory. */
  @Test
  void helper_floods_rightAnswersStillCome() throws Exception {
    FakeHelper.Script flood =
        helper -> {
          helper.hello();
          for (int i = 0; i < 20_000; i++) {
            helper.say(new Answer(Integer.MIN_VALUE + i, new Outcome.NoUser()));
            helper.say(new Pong(i));
          }
          helper.serve();
        };
    try (Client client = new Client(FakeStarter.direct(flood))) {
      for (int i = 0; i < 10; i++) {
        assertEquals(new Found(FakeHelper.user(i)), client.ask("u" + i).get());
      }
      assertEquals(0, client.losses());
    }
  }

  @Test
  void sudo_cannotBeStartedAgain_isTriedAgain() throws Exception {
    FakeStarter starter =
        FakeStarter.sudo(
            FakeHelper::hello, FakeStarter.FAILS, FakeStarter.FAILS, FakeHelper::behave);
    try (Client client = new Client(starter)) {
      assertEquals(new Found(FakeHelper.user(1)), client.ask("u1").get());
      client.awaitLog("warning: no helper: it cannot be started: no such command");
      assertEquals(4, starter.starts());
    }
  }

  @Test
  void ask_whileHelperIsGone_saysSoAtDeadline() throws Exception {
    FakeStarter starter = FakeStarter.sudo(FakeHelper::hello, FakeStarter.FAILS);
    try (Client client = new Client(starter)) {
      client.awaitLog("cannot be started");
      assertEquals(
          new CouldNotTell("helper is not there: it cannot be started: no such command"),
          client.ask("u1", SHORT).get());
    }
  }

  @Test
  void hello_ofOtherVersion_isNamedToTheAsker() throws Exception {
    FakeStarter starter = FakeStarter.sudo(helper -> helper.say(new Hello(OTHER_VERSION, 4711)));
    try (Client client = new Client(starter)) {
      client.awaitLog("different versions");
      CouldNotTell result = (CouldNotTell) client.ask("u1", SHORT).get();
      assertTrue(
          result
              .reason()
              .contains(
                  "their packets are of version %d and %d"
                      .formatted(OTHER_VERSION, Packets.VERSION)),
          result::reason);
    }
  }

  @Test
  void sudo_helperHangs_nextOneAnswers() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    FakeHelper.Script hang =
        helper -> {
          helper.hello();
          end.await();
        };
    FakeStarter starter = FakeStarter.sudo(hang, FakeHelper::behave);
    try (Client client = new Client(starter, Client.settings(SHORT))) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      CompletableFuture<LookupResult> second = client.ask("u2");
      assertEquals(
          new CouldNotTell("helper did not answer within 0.1 s"), client.ask("u1", SHORT).get());
      assertEquals(new Found(FakeHelper.user(2)), second.get());
      client.awaitLog(
          "warning: helper ended: it gave no sign of life within 0.1 s; its process 4711 did not end");
      assertTrue(starter.processes().get(0).isDestroyed());
    } finally {
      end.countDown();
    }
  }

  @Test
  void proof_ofAHelperThatAnswers_comes() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelper::behave))) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      assertTrue(client.client().isProven(Client.AMPLE));
    }
  }

  /** Nobody asks for anything: the demand alone finds it out. */
  @Test
  void proof_ofAHelperThatHangs_comesWhenItIsGivenUp() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    FakeHelper.Script hang =
        helper -> {
          helper.hello();
          end.await();
        };
    FakeStarter starter = FakeStarter.direct(hang);
    try (Client client = new Client(starter, Client.settings(SHORT.multipliedBy(5)))) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      assertFalse(client.client().isProven(SHORT));
      assertTrue(client.client().isProven(Client.AMPLE));
      client.awaitLost();
    } finally {
      end.countDown();
    }
  }

  /** A helper whose threads are all in look-ups answers a ping after up to a second. */
  @Test
  void pong_lateByMoreThanASecond_helperIsKept() throws Exception {
    FakeHelper.Script late =
        helper -> {
          helper.hello();
          for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
            if (packet instanceof ToHelper.Ping) {
              TimeUnit.MILLISECONDS.sleep(1_200);
            }
            helper.answer(packet instanceof ToHelper.Ping ? packet : null);
          }
        };
    FakeStarter starter = FakeStarter.direct(late);
    HelperSettings least = HelperSettings.withTimeout(Duration.ofSeconds(1));
    try (Client client = new Client(starter, least)) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      assertTrue(client.ask("u1", SHORT).get() instanceof CouldNotTell);
      TimeUnit.MILLISECONDS.sleep(1_500);
      assertEquals(0, client.losses());
    }
  }

  @Test
  void direct_helperHangs_isLost() throws Exception {
    try (Client client =
        new Client(FakeStarter.direct(FakeHelperScripts::swallow), Client.settings(SHORT))) {
      assertTrue(client.ask("u1", SHORT).get() instanceof CouldNotTell);
      client.awaitLost();
      assertEquals(
          new CouldNotTell("helper is not there: it gave no sign of life within 0.1 s"),
          client.ask("u2").getNow(null));
    }
  }

  @Test
  void sudo_noHello_isStartedAgain() throws Exception {
    HelperSettings impatient =
        new HelperSettings(
            Client.AMPLE,
            SHORT,
            SHORT,
            Duration.ofMillis(5),
            Duration.ofMillis(5),
            Client.AMPLE,
            10);
    FakeHelper.Script silent = helper -> helper.next();
    try (Client client = new Client(FakeStarter.sudo(silent, FakeHelper::behave), impatient)) {
      assertEquals(new Found(FakeHelper.user(1)), client.ask("u1").get());
      client.awaitLog("warning: helper ended: it said no HELLO within 0.1 s");
    }
  }

  /** Answers PING, but not one look-up, for ever: numbers must not run out. */
  @Test
  void sudo_helperNeverAnswersLookups_isReplaced() throws Exception {
    HelperSettings few =
        new HelperSettings(
            SHORT,
            SHORT,
            Client.AMPLE,
            Duration.ofMillis(5),
            Duration.ofMillis(5),
            Client.AMPLE,
            4);
    FakeStarter starter = FakeStarter.sudo(FakeHelperScripts::answerPingsOnly, FakeHelper::behave);
    try (Client client = new Client(starter, few)) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      for (int i = 0; i < 7; i++) {
        // Long enough for the answers before it to be late: until then no more than two are asked.
        Duration time = Duration.ofNanos(20 * Conversation.LATE);
        assertTrue(client.ask("u" + i, time).get() instanceof CouldNotTell);
      }
      assertEquals(new Found(FakeHelper.user(8)), client.ask("u8").get());
      client.awaitLog("warning: helper ended: it leaves look-ups unanswered");
    }
  }

  @Test
  void process_endsWhileSocketIsHeld_isReplaced() throws Exception {
    FakeStarter starter = FakeStarter.sudo(FakeHelper::behave);
    try (Client client = new Client(starter)) {
      assertEquals(new Found(FakeHelper.user(1)), client.ask("u1").get());
      starter.processes().get(0).exit(1);
      client.awaitLog("warning: helper ended: its process exited with status 1");
      assertEquals(new Found(FakeHelper.user(2)), client.ask("u2").get());
      assertEquals(2, starter.starts());
    }
  }

  /** Whoever waits for the helper says "ready" then, and that must not come first. */
  @Test
  void start_isToldBeforeTheHelperIsReady() throws Exception {
    CompletableFuture<HelperClient> waiting = new CompletableFuture<>();
    List<Boolean> ready = new CopyOnWriteArrayList<>();
    HelperLog log =
        new HelperLog(
            line -> {
              if (line.startsWith("helper started")) {
                ready.add(isReady(waiting.join()));
              }
            },
            line -> {});
    HelperClient client =
        new HelperClient(
            FakeStarter.sudo(FakeHelper::behave), Client.settings(Client.AMPLE), log, () -> {});
    waiting.complete(client);
    client.start();
    assertTrue(client.awaitReady(Client.AMPLE));
    assertEquals(List.of(false), ready);
    client.stop();
  }

  private static boolean isReady(HelperClient client) {
    try {
      return client.awaitReady(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void stop_whileHelperIsGone_ends() throws Exception {
    HelperSettings slow =
        new HelperSettings(
            Client.AMPLE, SHORT, Client.AMPLE, Client.AMPLE, Client.AMPLE, Client.AMPLE, 10);
    Client client = new Client(FakeStarter.sudo(FakeHelper::hello), slow);
    client.awaitLog("helper ended");
    CompletableFuture<LookupResult> result = client.ask("u1");
    client.close();
    assertEquals(new CouldNotTell("the daemon is stopping"), result.getNow(null));
    assertFalse(client.isRunning());
  }
}
