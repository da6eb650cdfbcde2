// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quotapolicy.rquota.Asked.export;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;

class RquotaClientTest {
  private static final Duration SOON = Duration.ofMillis(600);

  private FakeServer server = open();
  private Asked client = Asked.of(server);

  private static FakeServer open() {
    try {
      return new FakeServer();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void tellQuotas() {
    server.service = request -> List.of(request.ok(100, 50, 7));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void ask_serverWithQuotas_tellsTheNumbersOfUserAndGroup() {
    Asked.Told told = client.ask();

    assertEquals(Optional.empty(), told.quotas().trouble());
    assertEquals(QuotaState.ENFORCED, told.user().state());
    assertEquals(1000, told.user().id());
    assertEquals(new ResourceQuota(7 << 10, 50 << 10, 100 << 10, 0), told.user().space());
    assertEquals(new ResourceQuota(2, 5, 10, 0), told.user().inodes());
    assertEquals(QuotaState.ENFORCED, told.group().state());
    assertEquals(List.of(0, 1), server.asked.stream().map(Request::type).toList());
    assertEquals(List.of(1000, 100), server.asked.stream().map(Request::id).toList());
    assertEquals(List.of("home", "home"), server.asked.stream().map(Request::path).toList());
  }

  /** Where none can be started that is told, nothing is left open, and the next ask tries again. */
  @Test
  void ask_noThreadCanBeStarted_isToldSo() throws IOException {
    AtomicInteger left = new AtomicInteger(RquotaClient.MOST_ASKS + 1);
    try (Asked starved = Asked.on(server, work -> startable(work, left))) {
      for (int i = 0; i <= RquotaClient.MOST_ASKS; i++) {
        assertEquals("no selector or thread: none left, as intended", starved.ask().trouble());
      }
      assertEquals(Optional.empty(), starved.ask().quotas().trouble());
    }
  }

  private static Thread startable(Runnable work, AtomicInteger left) {
    return new Thread(work, "rquota") {
      @Override
      public synchronized void start() {
        if (left.getAndDecrement() > 0) {
          throw new OutOfMemoryError("none left, as intended");
        }
        super.start();
      }
    };
  }

  @Test
  void sink_endsInAnError_othersGetTheirAnswers() {
    client.begin(
        answer -> {
          throw new OutOfMemoryError("as intended");
        });
    assertEquals(Optional.empty(), client.ask().quotas().trouble());
    assertEquals(
        List.of(
            "warning an NFS server's answer could not be taken: java.lang.OutOfMemoryError: as"
                + " intended"),
        client.log);
  }

  @Test
  void ask_asUsual_comesFromTheUserAskedAbout() {
    client.ask();

    server.asked.forEach(
        request -> {
          assertEquals(1, request.flavor(), "AUTH_SYS");
          assertEquals(1000, request.uid());
          assertEquals(100, request.gid());
        });
  }

  @Test
  void ask_withAnIdentity_comesFromThat() throws IOException {
    RquotaSettings settings =
        new RquotaSettings(
            Asked.TIMEOUT,
            Duration.ZERO,
            OptionalInt.empty(),
            Optional.of(new RquotaSettings.Identity(0, 4_294_967_294L)));
    try (Asked other = Asked.with(server, settings)) {
      other.ask();
    }
    assertEquals(0, server.asked.get(0).uid());
    assertEquals(-2, server.asked.get(0).gid());
  }

  @Test
  void ask_oneQuota_comesFromWhomItIsOf() {
    Asked.Told told = client.ask(export("/home", true), QuotaType.GROUP, 100);

    assertEquals(QuotaType.GROUP, told.user().type());
    assertEquals(1, told.quotas().quotas().size());
    assertEquals(List.of(100), server.asked.stream().map(Request::gid).toList());
  }

  @Test
  void ask_again_knowsThePort() {
    client.ask();
    int mapped = server.mapped.size();
    client.ask();

    assertEquals(1, mapped);
    assertEquals(1, server.mapped.size());
  }

  @Test
  void ask_portGiven_asksNoPortMapper() throws IOException {
    RquotaSettings settings =
        new RquotaSettings(
            Asked.TIMEOUT,
            Duration.ZERO,
            OptionalInt.of(server.port(Transport.UDP)),
            Optional.empty());
    try (Asked other = Asked.with(server, settings)) {
      assertEquals(QuotaState.ENFORCED, other.ask().user().state());
    }
    assertEquals(List.of(), server.mapped);
  }

  @Test
  void ask_serverOfVersion1_tellsTheUsersQuotaOnly() {
    server.service =
        request ->
            List.of(request.version() == 1 ? request.ok(100, 50, 7) : request.accepted(2, 1, 1));
    Asked.Told told = client.ask();

    assertEquals(100 << 10, told.user().space().hardLimit());
    assertEquals(QuotaState.OFF, told.group().state());
    assertEquals(Optional.empty(), told.quotas().trouble());
  }

  @Test
  void ask_neitherVersion_couldNotTell() {
    server.service = request -> List.of(request.accepted(2, 3, 4));

    assertTrue(client.ask().trouble().contains("versions 3 to 4"));
  }

  @Test
  void ask_notRegistered_isNoQuotaAtOnce() {
    server.registered = by -> 0;
    Asked.Told told = client.ask();

    assertEquals(QuotaState.OFF, told.user().state());
    assertEquals(QuotaState.OFF, told.group().state());
    assertTrue(told.took().compareTo(SOON) < 0, told::toString);
  }

  @Test
  void ask_noPortMapper_isNoQuotaAtOnce() {
    server.close();
    Asked.Told told = client.ask();

    assertEquals(QuotaState.OFF, told.user().state());
    assertTrue(told.took().compareTo(SOON) < 0, told::toString);
  }

  @Test
  void ask_nobodyAtThePort_isNoQuotaAtOnce() {
    server.registered = by -> 1;
    Asked.Told told = client.ask();

    assertEquals(QuotaState.OFF, told.user().state());
    assertTrue(told.took().compareTo(SOON) < 0, told::toString);
  }

  @Test
  void ask_registeredForTcpOnly_isAskedByTcp() {
    server.registered = by -> by == Transport.TCP ? server.port(by) : 0;
    Asked.Told told = client.ask();

    assertEquals(QuotaState.ENFORCED, told.user().state());
    assertTrue(server.asked.stream().allMatch(request -> request.by() == Transport.TCP));
    assertTrue(told.took().compareTo(SOON) < 0, told::toString);
  }

  @Test
  void ask_silentByUdp_isAskedByTcpAndStaysThere() {
    server.service =
        request -> request.by() == Transport.UDP ? List.of() : List.of(request.ok(100, 50, 7));

    assertEquals(QuotaState.ENFORCED, client.ask().user().state());
    Asked.Told again = client.ask();
    assertEquals(QuotaState.ENFORCED, again.user().state());
    assertTrue(again.took().compareTo(Asked.TIMEOUT.dividedBy(3)) < 0, again::toString);
  }

  @Test
  void ask_movedToAnotherPort_isFoundThere() throws IOException {
    client.ask();
    server.moveUdp();
    Asked.Told told = client.ask();

    assertEquals(QuotaState.ENFORCED, told.user().state());
    assertEquals(Transport.UDP, server.asked.get(server.asked.size() - 1).by());
  }

  @Test
  void ask_anotherProgramAtTheOldPort_isFoundAnew() {
    client.ask();
    AtomicInteger wrong = new AtomicInteger();
    server.service =
        request ->
            List.of(wrong.getAndIncrement() == 0 ? request.accepted(1) : request.ok(100, 50, 7));
    Asked.Told told = client.ask();

    assertEquals(QuotaState.ENFORCED, told.user().state());
    assertEquals(2, server.mapped.size());
  }

  @Test
  void path_unknownToTheServer_isTriedInTheOtherForm() {
    server.service =
        request ->
            List.of(request.path().equals("/home") ? request.ok(100, 50, 7) : request.noQuota());

    assertEquals(QuotaState.ENFORCED, client.ask().user().state());
    assertEquals(
        List.of("home", "/home", "/home"), server.asked.stream().map(Request::path).toList());
    server.asked.clear();
    client.ask();
    assertEquals(List.of("/home", "/home"), server.asked.stream().map(Request::path).toList());
  }

  @Test
  void path_unknownInBothForms_isNoQuota() {
    server.service = request -> List.of(request.noQuota());
    Asked.Told told = client.ask(export("/srv/nfs", false), 1000, 100);

    assertEquals(QuotaState.OFF, told.user().state());
    assertEquals(Optional.empty(), told.quotas().trouble());
    assertEquals(
        List.of("/srv/nfs", "srv/nfs"), server.asked.stream().limit(2).map(Request::path).toList());
  }

  @Test
  void ask_notPermitted_couldNotTellAndNamesTheOption() {
    server.service = request -> List.of(request.success(3));

    Asked.Told told = client.ask();
    assertEquals(1, told.user().errno());
    assertTrue(told.trouble().contains("--nfs-auth"), told::trouble);
    assertTrue(told.trouble().contains("nas"), told::trouble);
  }

  @Test
  void ask_credentialsRefused_couldNotTellAndNamesTheOption() {
    server.service = request -> List.of(request.denied(5));

    assertTrue(client.ask().trouble().contains("AUTH_ERROR 5: see --nfs-auth"));
  }

  @Test
  void ask_systemError_couldNotTell() {
    server.service = request -> List.of(request.accepted(5));

    assertTrue(client.ask().trouble().contains("SYSTEM_ERR"));
  }

  @Test
  void ask_silentServer_couldNotTellInTime() {
    server.service = request -> List.of();
    Asked.Told told = client.ask();

    assertTrue(told.trouble().contains("did not answer within 0.9 s"), told::trouble);
    assertTrue(told.took().compareTo(Asked.TIMEOUT.plusMillis(400)) < 0, told::toString);
    assertTrue(server.asked.size() > 2, "sent once only");
  }

  @Test
  void ask_lessTimeLeftThanUsual_couldNotTellWithinThat() {
    server.service = request -> List.of();
    Asked.Told told = client.begin(export("/home", true), 1000, 100, Duration.ofMillis(100)).get();

    assertTrue(told.trouble().contains("in the time left"), told::trouble);
    assertTrue(told.took().compareTo(SOON) < 0, told::toString);
  }

  @Test
  void server_silentForLong_isLeftAlone() {
    server.service = request -> List.of();
    List<Asked.Pending> first = new ArrayList<>();
    for (int id = 0; id < Breaker.PATIENCE; id++) {
      first.add(client.begin(export("/home", true), id, id, Duration.ofSeconds(5)));
    }
    first.forEach(Asked.Pending::get);
    int asked = server.asked.size();
    Asked.Told told = client.ask();

    assertTrue(told.took().toMillis() < 100, told::toString);
    assertTrue(told.trouble().contains("has not answered since"), told::trouble);
    assertEquals(asked, server.asked.size());
    assertTrue(client.server().isLeftAlone());
    assertEquals(1, client.log.size(), client.log::toString);
    assertTrue(client.log.get(0).startsWith("warning NFS server nas (127.0.0.1) did not answer"));
  }

  /** None of those that wait for their turn is sent to it any more. */
  @Test
  void server_leftAloneWhileManyWait_isAskedNothingMore() {
    server.service = request -> List.of();
    List<Asked.Pending> all = new ArrayList<>();
    for (int id = 0; id < Server.MOST_UNDER_WAY + 10; id++) {
      if (id == Server.MOST_UNDER_WAY) {
        sleep(600); // or they would not wait for so long
      }
      all.add(client.begin(export("/home", true), id, id, Duration.ofSeconds(5)));
    }
    all.forEach(Asked.Pending::get);
    long asked = server.asked.stream().mapToInt(Request::id).distinct().count();
    assertEquals(Server.MOST_UNDER_WAY + Breaker.PATIENCE - 1, asked);
  }

  @Test
  void ask_serverOfVersion1ThatBecameSilent_mayBeOfVersion2Now() {
    ask_serverOfVersion1_tellsTheUsersQuotaOnly();
    server.service = request -> List.of();
    client.ask();
    tellQuotas();
    assertEquals(QuotaState.ENFORCED, client.ask().group().state());
  }

  @Test
  void server_leftAloneAndBack_isHeardAgain() {
    server_silentForLong_isLeftAlone();
    Asked.Pending pending =
        client.begin(export("/home", true), 5, 5, Duration.ofSeconds(5)); // refused at once
    pending.get();
    pending.assertToldOnce();
  }

  @Test
  void reply_garbageStrayOrDuplicate_isDroppedAndTheTrueOneTaken() {
    server.service =
        request ->
            List.of(
                new byte[0],
                new byte[] {1, 2, 3},
                new byte[1500],
                stray(request),
                java.util.Arrays.copyOf(request.ok(1, 1, 1), 40),
                request.success(1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), // a block size of 0
                request.ok(100, 50, 7),
                request.ok(1, 1, 1));

    Asked.Told told = client.ask();
    assertEquals(100 << 10, told.user().space().hardLimit());
    assertEquals(100 << 10, told.group().space().hardLimit());
  }

  /** A whole reply, to another call. */
  private static byte[] stray(Request request) {
    byte[] reply = request.ok(1, 1, 1);
    reply[3]++;
    return reply;
  }

  @Test
  void reply_fromAnotherPort_isDropped() throws IOException {
    try (DatagramSocket forger = new DatagramSocket(0, FakeServer.address())) {
      server.registered = by -> by == Transport.UDP ? server.port(by) : 0;
      AtomicInteger clientPort = new AtomicInteger();
      server.mapper = request -> List.of(request.success(server.registered.apply(Transport.UDP)));
      server.service =
          request -> {
            send(forger, request.ok(1, 1, 1), clientPort);
            return List.of();
          };
      server.onUdp = clientPort::set;

      assertTrue(client.ask().trouble().contains("did not answer"));
      assertTrue(clientPort.get() > 0);
    }
  }

  private static void send(DatagramSocket from, byte[] bytes, AtomicInteger port) {
    try {
      InetAddress to = FakeServer.address();
      from.send(new DatagramPacket(bytes, bytes.length, to, port.get()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void answer_ofAMomentAgo_isNotAskedForAgain() throws IOException {
    try (Asked caching =
        Asked.with(server, RquotaSettings.DEFAULT.withCacheLife(Duration.ofMillis(700)))) {
      caching.ask();
      server.service = request -> List.of(request.ok(200, 50, 7));
      assertEquals(100 << 10, caching.ask().user().space().hardLimit());
      assertEquals(2, server.asked.size());
      sleep(800);
      assertEquals(200 << 10, caching.ask().user().space().hardLimit());
    }
  }

  @Test
  void questions_equalAndUnderWay_areOne() {
    server.service =
        request -> {
          sleep(200);
          return List.of(request.ok(100, 50, 7));
        };
    List<Asked.Pending> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(client.begin(export("/home", true), 1000, 100, Duration.ofSeconds(5)));
    }
    all.forEach(pending -> assertEquals(QuotaState.ENFORCED, pending.get().user().state()));
    all.forEach(Asked.Pending::assertToldOnce);
    assertTrue(server.asked.size() <= 6, server.asked.size() + " calls");
  }

  @Test
  void questions_moreThanAServerGets_waitForTheirTurn() throws IOException {
    AtomicInteger most = new AtomicInteger();
    client.close();
    client =
        Asked.with(
            server,
            RquotaSettings.DEFAULT
                .withTimeout(Duration.ofSeconds(30))
                .withCacheLife(Duration.ZERO));
    server.service =
        request -> {
          sleep(most.get() == 0 ? 300 : 0); // until all have asked
          most.accumulateAndGet(client.server().underWay(), Math::max);
          return List.of(request.ok(100, 50, 7));
        };
    List<Asked.Pending> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(client.begin(export("/home", true), i, i, Duration.ofSeconds(30)));
    }
    all.forEach(pending -> assertEquals(QuotaState.ENFORCED, pending.get().user().state()));
    assertEquals(Server.MOST_UNDER_WAY, most.get());
    ServerStatus status = client.server();
    assertEquals(600, status.asked());
    assertEquals(600, status.answered());
    assertEquals(0, status.underWay());
  }

  /** The server answers about two alone: the place of one's first question is for a second one. */
  @Test
  void questions_ofGroups_goBeforeUsersWhoWait() {
    server.service = request -> request.id() < 2 ? List.of(request.ok(100, 50, 7)) : List.of();
    List<Asked.Pending> all = new ArrayList<>();
    for (int i = 0; i < 2 * Server.MOST_UNDER_WAY; i++) {
      all.add(client.begin(export("/home", true), i, i, Duration.ofSeconds(5)));
    }
    assertEquals(QuotaState.ENFORCED, all.get(0).get().group().state());
  }

  @Test
  void questions_thatWaitForHalfOfTheirTime_areGivenUpBeforeTheyAreSent() throws IOException {
    server.service = request -> List.of();
    RquotaSettings patient = RquotaSettings.DEFAULT.withTimeout(Duration.ofSeconds(4));
    try (Asked other = Asked.with(server, patient)) {
      List<Asked.Pending> all = new ArrayList<>();
      for (int i = 0; i < 2 * Server.MOST_UNDER_WAY; i++) {
        all.add(other.begin(export("/home", true), i, i, Duration.ofSeconds(5)));
      }
      for (Asked.Pending waiting : all.subList(Server.MOST_UNDER_WAY, all.size())) {
        String trouble = waiting.get().trouble();
        assertTrue(trouble.endsWith("too many questions, waited 2.0 s"), trouble);
      }
      assertEquals(Server.MOST_UNDER_WAY, other.server().asked());
    }
  }

  @Test
  void questions_moreThanAnybodyMayAsk_areTurnedAway() {
    server.service = request -> List.of();
    server.mapper = request -> List.of();
    List<Asked.Pending> all = new ArrayList<>();
    for (int i = 0; i < RquotaClient.MOST_ASKS + 50; i++) {
      all.add(client.begin(export("/home", true), i, i, Duration.ofSeconds(5)));
    }
    long turnedAway =
        all.stream()
            .filter(one -> one.get().trouble().equals("too many questions to NFS servers"))
            .count();
    assertTrue(turnedAway >= 50 && turnedAway < 100, () -> turnedAway + " turned away");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
