// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.quota.Project;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.LookupResult.NoSuchUser;
import org.quotapolicy.wire.Scope;
import org.quotapolicy.wire.ToHelper;
import org.quotapolicy.wire.ToHelper.Lookup;

/** Asking a helper that is there. */
@Timeout(30)
class HelperClientTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Scope HOME = new Scope.Home();

  @Test
  void ask_manyUsers_eachGetsHisOwnAnswer() throws Exception {
    FakeStarter starter = FakeStarter.sudo(FakeHelper::behave);
    try (Client client = new Client(starter)) {
      List<CompletableFuture<LookupResult>> results = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        results.add(client.ask("u" + i));
      }
      for (int i = 0; i < 1000; i++) {
        assertEquals(new Found(FakeHelper.user(i)), results.get(i).get());
      }
      assertEquals(1, starter.starts());
    }
  }

  /** As one that has to start a thread, and there is none left. */
  @Test
  void ask_sinkEndsInAnError_othersGetTheirAnswers() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelper::behave))) {
      for (int i = 0; i < Receivers.MOST + 1; i++) {
        client
            .client()
            .ask(
                "u1",
                HOME,
                System.nanoTime() + Client.AMPLE.toNanos(),
                result -> {
                  throw new OutOfMemoryError("unable to create native thread");
                });
        assertEquals(new Found(FakeHelper.user(2)), client.ask("u2").get());
      }
      client.awaitLog("warning: a look-up's result could not be taken: java.lang.OutOfMemory");
    }
  }

  @Test
  void deadline_passesAfterABug_isKept() throws Exception {
    AtomicInteger warnings = new AtomicInteger();
    HelperLog log =
        new HelperLog(
            line -> {},
            line -> {
              if (warnings.getAndIncrement() == 0) {
                throw new IllegalStateException("a bug, as intended");
              }
            });
    HelperClient client =
        new HelperClient(
            FakeStarter.direct(FakeHelperScripts::swallow),
            Client.settings(Client.AMPLE),
            log,
            () -> {});
    client.start();
    CompletableFuture<LookupResult> result = new CompletableFuture<>();
    ask(
        client,
        told -> {
          throw new IllegalStateException("told of, which is where the bug is");
        });
    while (warnings.get() == 0) {
      Thread.onSpinWait();
    }
    ask(client, result::complete);
    assertTrue(result.get() instanceof CouldNotTell);
    client.stop();
  }

  private static void ask(HelperClient client, Consumer<LookupResult> sink) {
    client.ask("u1", HOME, System.nanoTime() + SHORT.toNanos(), sink);
    client.flush();
  }

  /** As one that a sink asks on another thread than the client's; an older look-up hangs. */
  @Test
  void ask_nobodyFlushes_isSent() throws Exception {
    try (Client client = new Client(FakeStarter.direct(HelperClientTest::hangForOne))) {
      CompletableFuture<LookupResult> hanging = client.ask("u666", Duration.ofSeconds(5));
      assertEquals(new Found(FakeHelper.user(2)), client.ask("u2").get());
      Thread.sleep(SHORT.toMillis()); // until nothing is due any more but the deadline of that
      CompletableFuture<LookupResult> result = new CompletableFuture<>();
      long deadline = System.nanoTime() + Client.AMPLE.toNanos();
      client.client().ask("u1", HOME, deadline, result::complete);
      assertEquals(new Found(FakeHelper.user(1)), result.get());
      assertFalse(hanging.isDone());
    }
  }

  private static void hangForOne(FakeHelper helper) throws IOException {
    helper.hello();
    for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
      if (!(packet instanceof Lookup lookup && lookup.name().equals("u666"))) {
        helper.answer(packet);
      }
    }
  }

  @Test
  void ask_failed_saysWhy() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelper::behave))) {
      assertEquals(
          new CouldNotTell("the name service could not be asked: EIO"), client.ask("failed").get());
    }
  }

  /** Until its deadline, and then it says why. */
  @Test
  void ask_helperStaysBusy_isAskedAgain() throws Exception {
    List<Lookup> lookups = new CopyOnWriteArrayList<>();
    FakeStarter starter = FakeStarter.direct(helper -> FakeHelperScripts.note(helper, lookups));
    try (Client client = new Client(starter)) {
      assertEquals(
          new CouldNotTell("helper is busy: the name service does not answer"),
          client.ask("busy", SHORT.multipliedBy(5)).get());
      assertEquals(3, lookups.size(), "at 0, 100 and 300 ms");
    }
  }

  @Test
  void ask_helperBusyAtFirst_isAnswered() throws Exception {
    FakeStarter starter = FakeStarter.direct(FakeHelperScripts::beBusyTwice);
    try (Client client = new Client(starter)) {
      CompletableFuture<LookupResult> first = client.ask("u1");
      CompletableFuture<LookupResult> second = client.ask("u1", SHORT.dividedBy(2));
      assertEquals(new Found(FakeHelper.user(1)), first.get());
      assertTrue(second.get() instanceof CouldNotTell);
    }
  }

  @Test
  void ask_scope_isPassedOn() throws Exception {
    List<Lookup> lookups = new CopyOnWriteArrayList<>();
    FakeStarter starter = FakeStarter.direct(helper -> FakeHelperScripts.note(helper, lookups));
    try (Client client = new Client(starter)) {
      CompletableFuture<LookupResult> result = new CompletableFuture<>();
      long deadline = System.nanoTime() + Client.AMPLE.toNanos();
      client
          .client()
          .ask("u1", new Scope.Device(8, 2, new Project.Unnamed()), deadline, result::complete);
      client.client().flush();
      assertEquals(new Found(FakeHelper.user(1)), result.get());
      assertEquals(new Scope.Device(8, 2, new Project.Unnamed()), lookups.get(0).scope());
    }
  }

  /** The first is sent at once; all that come until it is answered share the second. */
  @Test
  void asks_forOneUser_takeOneLookupAtATime() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<Lookup> lookups = new CopyOnWriteArrayList<>();
    FakeStarter starter =
        FakeStarter.direct(
            helper -> {
              helper.hello();
              ToHelper first = helper.next();
              go.await();
              helper.answer(first);
              FakeHelperScripts.noteAndServe(helper, lookups);
            });
    try (Client client = new Client(starter)) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      List<CompletableFuture<LookupResult>> results = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        results.add(client.ask("u1"));
      }
      CompletableFuture<LookupResult> other = client.ask("u2");
      go.countDown();
      for (CompletableFuture<LookupResult> result : results) {
        assertEquals(new Found(FakeHelper.user(1)), result.get());
      }
      assertEquals(new Found(FakeHelper.user(2)), other.get());
      assertEquals(List.of("u2", "u1"), lookups.stream().map(Lookup::name).toList());
    }
  }

  @Test
  void ask_unknownUser_isNoSuchUser() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelper::behave))) {
      assertEquals(new NoSuchUser(), client.ask("nobody").get());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "\u0100"})
  void ask_nameThatNoAccountHas_isNotSent(String name) throws Exception {
    FakeStarter starter = FakeStarter.direct(FakeHelperScripts::refuseLookups);
    try (Client client = new Client(starter)) {
      assertEquals(new NoSuchUser(), client.ask(name).getNow(null));
      assertEquals(new NoSuchUser(), client.ask("x".repeat(256)).getNow(null));
      assertEquals(0, client.losses());
    }
  }

  @Test
  void awaitReady_afterHello_isTrue() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FakeStarter starter =
        FakeStarter.direct(
            helper -> {
              go.await();
              FakeHelper.behave(helper);
            });
    try (Client client = new Client(starter)) {
      assertFalse(client.client().awaitReady(Duration.ofMillis(20)));
      go.countDown();
      assertTrue(client.client().awaitReady(Client.AMPLE));
      client.awaitLog("helper started: process 4711");
    }
  }

  @Test
  void ask_beforeHello_waitsForIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FakeStarter starter =
        FakeStarter.direct(
            helper -> {
              go.await();
              FakeHelper.behave(helper);
            });
    try (Client client = new Client(starter)) {
      CompletableFuture<LookupResult> result = client.ask("u7");
      go.countDown();
      assertEquals(new Found(FakeHelper.user(7)), result.get());
    }
  }

  /** More than the socket's queue holds: the rest waits here, and nothing is lost. */
  @Test
  void ask_moreThanQueueHolds_allAreAnswered() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FakeStarter starter =
        FakeStarter.direct(
            helper -> {
              helper.hello();
              go.await();
              helper.serve();
            });
    try (Client client = new Client(starter)) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      List<CompletableFuture<LookupResult>> results = new ArrayList<>();
      for (int i = 0; i < 4096; i++) {
        results.add(client.ask("u" + i));
      }
      assertEquals(
          new CouldNotTell("too many look-ups under way", true), client.ask("u9").getNow(null));
      go.countDown();
      for (int i = 0; i < 4096; i++) {
        assertEquals(new Found(FakeHelper.user(i)), results.get(i).get());
      }
    }
  }

  @Test
  void ask_answeredTwice_getsFirstAnswer() throws Exception {
    FakeStarter starter = FakeStarter.direct(FakeHelperScripts::answerTwice);
    try (Client client = new Client(starter)) {
      for (int i = 0; i < 100; i++) {
        assertEquals(new Found(FakeHelper.user(i)), client.ask("u" + i).get());
      }
    }
  }

  @Test
  void ask_unansweredAtDeadline_getsCouldNotTell() throws Exception {
    FakeStarter starter = FakeStarter.direct(FakeHelperScripts::answerPingsOnly);
    try (Client client = new Client(starter, Client.settings(Duration.ofMillis(250)))) {
      assertEquals(
          new CouldNotTell("helper did not answer within 0.25 s"), client.ask("u1", SHORT).get());
    }
  }

  @Test
  void ask_deadlinePassedBefore_getsCouldNotTell() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelperScripts::answerPingsOnly))) {
      assertTrue(client.ask("u1", Duration.ofSeconds(-1)).get() instanceof CouldNotTell);
    }
  }

  /** Whatever the order they were asked in. */
  @Test
  void asks_ofDifferentDeadlines_expireInTheirOrder() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelperScripts::answerPingsOnly))) {
      CompletableFuture<LookupResult> later = client.ask("u1", Duration.ofSeconds(10));
      CompletableFuture<LookupResult> sooner = client.ask("u2", SHORT);
      assertTrue(sooner.get() instanceof CouldNotTell);
      assertFalse(later.isDone());
    }
  }

  /** The answer to the first ask comes after its deadline, when the second is under way. */
  @Test
  void ask_answeredLate_doesNotDisturbTheNext() throws Exception {
    FakeStarter starter = FakeStarter.direct(FakeHelperScripts::answerFirstAfterSecond);
    try (Client client = new Client(starter)) {
      assertTrue(client.ask("u1", SHORT).get() instanceof CouldNotTell);
      assertEquals(new Found(FakeHelper.user(2)), client.ask("u2").get());
      assertEquals(new Found(FakeHelper.user(3)), client.ask("u3").get());
    }
  }

  /** A hanging name service is not a hanging helper: PING is answered. */
  @Test
  void lookup_hangs_helperIsKept() throws Exception {
    FakeStarter starter = FakeStarter.sudo(FakeHelperScripts::forgetUserOne);
    Duration timeout = Duration.ofMillis(50);
    try (Client client = new Client(starter, Client.settings(timeout))) {
      assertTrue(client.client().awaitReady(Client.AMPLE));
      for (int i = 0; i < 4; i++) {
        assertTrue(client.ask("u1", timeout).get() instanceof CouldNotTell);
      }
      TimeUnit.MILLISECONDS.sleep(3 * timeout.toMillis());
      assertEquals(new Found(FakeHelper.user(2)), client.ask("u2").get());
      assertEquals(1, starter.starts());
    }
  }

  @Test
  void sink_throws_othersAreServed() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelper::behave))) {
      long deadline = System.nanoTime() + Client.AMPLE.toNanos();
      client
          .client()
          .ask(
              "u1",
              HOME,
              deadline,
              result -> {
                throw new IllegalStateException("no");
              });
      assertEquals(new Found(FakeHelper.user(2)), client.ask("u2").get());
      client.awaitLog("could not be taken");
    }
  }

  @Test
  void sink_asksAgain_isAnswered() throws Exception {
    try (Client client = new Client(FakeStarter.direct(FakeHelper::behave))) {
      CompletableFuture<LookupResult> second = new CompletableFuture<>();
      long deadline = System.nanoTime() + Client.AMPLE.toNanos();
      client
          .client()
          .ask(
              "u1",
              HOME,
              deadline,
              r -> client.client().ask("u2", HOME, deadline, second::complete));
      client.client().flush();
      assertEquals(new Found(FakeHelper.user(2)), second.get());
    }
  }

  @Test
  void stop_withOpenAsks_givesWhatIsOwedAndEndsThreads() throws Exception {
    CountDownLatch endOfFile = new CountDownLatch(1);
    FakeStarter starter =
        FakeStarter.direct(
            helper -> {
              helper.hello();
              ToHelper packet = helper.next();
              while (packet != null) {
                packet = helper.next();
              }
              endOfFile.countDown();
            });
    Client client = new Client(starter);
    assertTrue(client.client().awaitReady(Client.AMPLE));
    CompletableFuture<LookupResult> result = client.ask("u1");
    client.close();
    assertEquals(new CouldNotTell("the daemon is stopping"), result.getNow(null));
    assertEquals(new CouldNotTell("the daemon is stopping"), client.ask("u2").getNow(null));
    assertTrue(endOfFile.await(10, TimeUnit.SECONDS));
    assertEquals(0, client.losses());
    assertFalse(client.isRunning());
  }
}
