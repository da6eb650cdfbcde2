// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.PacketSocket;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.wire.FromHelper;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Hello;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.FromHelper.Pong;
import org.quotapolicy.wire.MalformedPacketException;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.Scope;
import org.quotapolicy.wire.ToHelper;
import org.quotapolicy.wire.ToHelper.Ping;

/** The helper's loop over a real pair of sockets, with a name service that can be made to hang. */
@Timeout(30)
class HelperLoopTest {
  private static final Outcome ALICE =
      new Outcome.Found(new UserQuotas(1000, 100, "/home/alice", List.of()));

  private static final Outcome FAR =
      new Outcome.Found(
          new UserQuotas(1000, 100, "/" + "x".repeat(UserQuotas.MAX_HOME - 1), List.of()));

  private static final int MOST_QUEUED = 5_000;
  private static final long HANG = 4_000_000_000L;

  private final CountDownLatch hang = new CountDownLatch(1);
  private final CountDownLatch hanging = new CountDownLatch(HelperLoop.THREADS - 1);
  private final NativeBuffer buffer = NativeBuffer.allocate(Packets.MAX_PACKET + 1);
  private PacketSocket[] pair = {};
  private FutureTask<Integer> helper = new FutureTask<>(() -> -1);

  @BeforeEach
  void start() throws Exception {
    pair = PacketSocket.pair();
    helper = new FutureTask<>(() -> new HelperLoop(pair[1], lookup()).run());
    new Thread(helper, "helper-main").start();
    Hello hello = assertInstanceOf(Hello.class, receive());
    assertEquals(new Hello(Packets.VERSION, (int) ProcessHandle.current().pid()), hello);
  }

  @AfterEach
  void end() throws Exception {
    hang.countDown();
    pair[0].close();
    helper.get(10, TimeUnit.SECONDS);
    pair[1].close();
  }

  private QuotaLookup lookup() {
    return new QuotaLookup() {
      @Override
      public void begin() {}

      @Override
      public Outcome byName(String name, Scope scope) {
        return HelperLoopTest.this.byName(name);
      }

      @Override
      public Outcome next(ToHelper.Next question) {
        return question.first() == HANG ? afterwards() : page(question);
      }
    };
  }

  private static Outcome page(ToHelper.Next question) {
    return new Outcome.Listed(QuotaPage.failed(question.type(), question.minor()));
  }

  private Outcome byName(String name) {
    return switch (name) {
      case "alice" -> ALICE;
      case "far" -> FAR;
      case "slow" -> slowly();
      case "hang" -> afterwards();
      case "failed" -> new Outcome.Failed(Outcome.Stage.NAME_SERVICE, 5);
      case "bug" -> throw new IllegalStateException("a bug");
      default -> new Outcome.NoUser();
    };
  }

  private static Outcome slowly() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return ALICE;
  }

  private Outcome afterwards() {
    hanging.countDown();
    try {
      hang.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return ALICE;
  }

  private void send(ToHelper packet) throws IOException {
    buffer.bytes().clear();
    Packets.encode(packet, buffer.bytes());
    buffer.bytes().flip();
    pair[0].sendWaiting(buffer);
  }

  private void lookUp(int number, String name) throws IOException {
    send(new ToHelper.Lookup(number, new Scope.All(), name));
  }

  private void sendBytes(byte[] bytes) throws IOException {
    buffer.bytes().clear().put(bytes).flip();
    pair[0].sendWaiting(buffer);
  }

  private FromHelper receive() throws IOException, MalformedPacketException {
    List<FromHelper> packet = receivePacket();
    assertEquals(1, packet.size(), "messages in " + packet);
    return packet.get(0);
  }

  private List<FromHelper> receivePacket() throws IOException, MalformedPacketException {
    assertTrue(pair[0].receive(buffer) > 0, "the helper has ended");
    return Packets.decodeFromHelper(buffer.bytes());
  }

  private void lookUpTogether(String... names) throws IOException {
    buffer.bytes().clear();
    for (int i = 0; i < names.length; i++) {
      Packets.encode(new ToHelper.Lookup(i, new Scope.All(), names[i]), buffer.bytes());
    }
    buffer.bytes().flip();
    pair[0].sendWaiting(buffer);
  }

  private int status() throws Exception {
    return helper.get(10, TimeUnit.SECONDS);
  }

  @Test
  void lookup_eachOutcome_answeredWithItsNumber() throws Exception {
    lookUp(1, "alice");
    assertEquals(new Answer(1, ALICE), receive());
    lookUp(-1, "nobody");
    assertEquals(new Answer(-1, new Outcome.NoUser()), receive());
    lookUp(0, "failed");
    assertEquals(new Answer(0, new Outcome.Failed(Outcome.Stage.NAME_SERVICE, 5)), receive());
  }

  @Test
  void lookups_manyAtOnce_allAnswered() throws Exception {
    for (int i = 0; i < 100; i++) {
      lookUp(i, i % 2 == 0 ? "alice" : "nobody");
    }
    Map<Integer, Outcome> answers = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      Answer answer = assertInstanceOf(Answer.class, receive());
      answers.put(answer.number(), answer.outcome());
    }
    assertEquals(100, answers.size());
    answers.forEach(
        (i, outcome) -> assertEquals(i % 2 == 0 ? ALICE : new Outcome.NoUser(), outcome));
  }

  @Test
  void lookups_inOnePacket_answeredInOne() throws Exception {
    lookUpTogether("alice", "nobody", "alice");
    Answer nobody = new Answer(1, new Outcome.NoUser());
    assertEquals(List.of(new Answer(0, ALICE), nobody, new Answer(2, ALICE)), receivePacket());
  }

  /** Home directories are as long as they may be, so each answer fills a sixteenth of a packet. */
  @Test
  void lookups_answersLongerThanAPacket_answeredInSeveral() throws Exception {
    String[] names = new String[Packets.MAX_MESSAGES];
    Arrays.fill(names, "far");
    lookUpTogether(names);
    List<FromHelper> answers = new ArrayList<>();
    int packets = 0;
    for (; answers.size() < names.length; packets++) {
      answers.addAll(receivePacket());
    }
    assertTrue(packets >= 5, packets + " packets"); // more where it takes long
    for (int i = 0; i < names.length; i++) {
      assertEquals(new Answer(i, FAR), answers.get(i));
    }
  }

  /** What is known is not kept until a slow look-up is over. */
  @Test
  void lookups_oneHangs_thoseBeforeItAreAnsweredWhenTheNextIsSlow() throws Exception {
    lookUpTogether("alice", "slow", "hang", "nobody");
    assertEquals(List.of(new Answer(0, ALICE), new Answer(1, ALICE)), receivePacket());
    hang.countDown();
    Answer nobody = new Answer(3, new Outcome.NoUser());
    assertEquals(Set.of(new Answer(2, ALICE), nobody), Set.copyOf(receiveTwo()));
  }

  private List<FromHelper> receiveTwo() throws Exception {
    List<FromHelper> answers = new ArrayList<>(receivePacket());
    if (answers.size() < 2) {
      answers.addAll(receivePacket());
    }
    return answers;
  }

  @Test
  void nameServiceHangs_everywhere_allOfAPacketAreBusy() throws Exception {
    for (int i = 0; i < HelperLoop.THREADS - 1; i++) {
      lookUp(i, "hang");
    }
    hanging.await();
    lookUpTogether("alice", "nobody");
    Outcome busy = new Outcome.Busy();
    assertEquals(List.of(new Answer(0, busy), new Answer(1, busy)), receivePacket());
  }

  @Test
  void next_page_answeredWithItsNumber() throws Exception {
    send(new ToHelper.Next(5, 8, 1, QuotaType.PROJECT, 4294967294L));
    Outcome page = new Outcome.Listed(QuotaPage.failed(QuotaType.PROJECT, 1));
    assertEquals(new Answer(5, page), receive());
  }

  /** A frozen filesystem may hold pages; pings and the last thread are not for them either. */
  @Test
  void pagesHang_everywhere_pingAnswered() throws Exception {
    for (int i = 0; i < HelperLoop.THREADS - 1; i++) {
      send(new ToHelper.Next(i, 8, 1, QuotaType.USER, HANG));
    }
    hanging.await();
    send(new Ping(30));
    assertEquals(new Pong(30), receive());
    hang.countDown();
    for (int i = 0; i < HelperLoop.THREADS - 1; i++) {
      assertInstanceOf(Answer.class, receive());
    }
  }

  @Test
  void ping_answered() throws Exception {
    send(new Ping(77));
    assertEquals(new Pong(77), receive());
  }

  @Test
  void nameServiceHangs_oneThreadLeft_othersStillAnswered() throws Exception {
    for (int i = 0; i < HelperLoop.THREADS - 2; i++) {
      lookUp(i, "hang");
    }
    lookUp(100, "alice");
    assertEquals(new Answer(100, ALICE), receive());
  }

  @Test
  void nameServiceHangs_everywhere_busyAndPingAnswered() throws Exception {
    for (int i = 0; i < HelperLoop.THREADS - 1; i++) {
      lookUp(i, "hang");
    }
    hanging.await();
    long start = System.nanoTime();
    for (int i = 100; i < 120; i++) {
      lookUp(i, "alice");
    }
    send(new Ping(30));
    for (int i = 100; i < 120; i++) {
      assertEquals(new Answer(i, new Outcome.Busy()), receive());
    }
    assertEquals(new Pong(30), receive());
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis >= Gate.PATIENCE_MS, "no patience: " + millis + " ms");
    assertTrue(millis < 15L * Gate.PATIENCE_MS, "ping waited for each: " + millis + " ms");

    hang.countDown();
    for (int i = 0; i < HelperLoop.THREADS - 1; i++) {
      assertInstanceOf(Answer.class, receive());
    }
    lookUp(40, "alice");
    assertEquals(new Answer(40, ALICE), receive());
  }

  @Test
  void nameServiceHangs_shortly_lookupWaitsForIt() throws Exception {
    for (int i = 0; i < HelperLoop.THREADS - 1; i++) {
      lookUp(i, "hang");
    }
    hanging.await();
    lookUp(10, "alice");
    Thread.sleep(Gate.PATIENCE_MS / 4);
    hang.countDown();
    for (int i = 0; i < HelperLoop.THREADS; i++) {
      assertEquals(ALICE, assertInstanceOf(Answer.class, receive()).outcome());
    }
  }

  @Test
  void daemon_gone_endsWithStatusZero() throws Exception {
    pair[0].close();
    assertEquals(0, status());
  }

  @Test
  void daemon_goneBeforeHello_endsWithStatusZeroAndSaysNothing() throws Exception {
    PacketSocket[] other = PacketSocket.pair();
    other[0].close();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, new HelperLoop(other[1], lookup()).run());
    } finally {
      System.setErr(before);
      other[1].close();
    }
    assertEquals("", said.toString(StandardCharsets.UTF_8));
  }

  @Test
  void daemon_goneWhileTheNameServiceHangs_endsWithStatusZero() throws Exception {
    lookUp(1, "hang");
    lookUp(2, "hang");
    pair[0].close();
    assertEquals(0, status());
  }

  @Test
  void daemon_goneWithoutReading_endsWithStatusZero() throws Exception {
    for (int i = 0; i < 50; i++) {
      lookUp(i, "alice");
    }
    pair[0].close();
    assertEquals(0, status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "L", // cut short
        "L\0\0\0\1", // without a scope
        "L\0\0\0\1\2\0\0\0\0\0\0\0\0", // without a name
        "L\0\0\0\1\2\0\0\0\0\0\0\0\0\0", // an empty name
        "L\0\0\0\1\2\0\0\0\0\0\0\0\0\5abcd", // a name cut short
        "L\0\0\0\1\2\0\0\0\0\0\0\0\0\3abcd", // something behind the name
        "L\0\0\0\1\2\0\0\0\0\0\0\0\0\3a/b", // no account's name
        "L\0\0\0\1\3\0\0\0\0\0\0\0\0\1a", // an unknown scope
        "L\0\0\0\1\2\0\0\0\0\0\0\0\0\1aL\0\0", // a second one cut short
        "L\0\0\0\1\2\0\0\0\0\0\0\0\0\1aP\0\0\0\1", // a ping behind a look-up
        "P\0\0\0\1P\0\0\0\1", // two pings
        "P\0\0\0", // cut short
        "P\0\0\0\1x", // something behind it
        "A\0\0\0\1\1", // what only the helper may say
        "H\0\1\0\0\0\1",
        "x\0\0\0\1",
        "\0",
      })
  void packet_malformed_endsWithProtocolError(String packet) throws Exception {
    sendBytes(packet.getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(76, status());
    assertEquals(-1, pair[0].receive(buffer));
  }

  @Test
  void packet_malformedWhileStandardErrorIsFull_daemonToldAndEnded() throws Exception {
    PrintStream before = System.err;
    System.setErr(new PrintStream(new FullPipe(), true, StandardCharsets.UTF_8));
    try {
      sendBytes(new byte[] {0});
      assertEquals(-1, pair[0].receive(buffer));
      assertEquals(76, status());
    } finally {
      System.setErr(before);
    }
  }

  private final class FullPipe extends OutputStream {
    @Override
    public void write(int b) {
      afterwards();
    }
  }

  @Test
  void packet_tooLong_endsWithProtocolError() throws Exception {
    sendBytes(new byte[Packets.MAX_PACKET + 1]);
    assertEquals(76, status());
  }

  @Test
  void packet_asLongAsAllowedButNoPacket_endsWithProtocolError() throws Exception {
    sendBytes(new byte[Packets.MAX_PACKET]);
    assertEquals(76, status());
  }

  /** What it keeps for such a daemon is what the two queues of the socket hold. */
  @Test
  void daemon_floodsAndNeverReads_helperTakesNoMoreAndEndsWithIt() throws Exception {
    int taken = flood();
    assertTrue(taken < MOST_QUEUED, taken + " packets were taken without one being read");
    assertFalse(helper.isDone());
    pair[0].close();
    assertEquals(0, status());
  }

  @Test
  void daemon_floodsAndReadsLate_allAreAnswered() throws Exception {
    int taken = flood();
    Set<Integer> answered = new HashSet<>();
    for (int i = 0; i < taken; i++) {
      assertTrue(answered.add(assertInstanceOf(Answer.class, receive()).number()));
    }
    assertEquals(taken, answered.size());
    send(new Ping(1));
    assertEquals(new Pong(1), receive());
  }

  /** Sends look-ups until the helper has taken none for a while; returns how many it took. */
  private int flood() throws Exception {
    NativeBuffer packet = NativeBuffer.allocate(Packets.MAX_PACKET);
    int sent = 0;
    for (int refused = 0; refused < 20; ) {
      packet.bytes().clear();
      Packets.encode(new ToHelper.Lookup(sent, new Scope.All(), "alice"), packet.bytes());
      packet.bytes().flip();
      if (pair[0].send(packet)) {
        sent++;
        refused = 0;
      } else {
        refused++;
        Thread.sleep(10);
      }
    }
    return sent;
  }

  @Test
  void bug_inALookup_endsAllOfIt() throws Exception {
    lookUp(1, "bug");
    assertEquals(70, status());
  }

  @Test
  void helper_leftAlone_doesNotEnd() throws Exception {
    Thread.sleep(100);
    assertFalse(helper.isDone());
    try {
      helper.get(1, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      send(new Ping(1));
      assertEquals(new Pong(1), receive());
    }
  }
}
