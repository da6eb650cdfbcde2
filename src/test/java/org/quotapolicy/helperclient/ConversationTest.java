// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.PacketSocket;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.Scope;
import org.quotapolicy.wire.ToHelper;

/** Which questions are sent when, and which share a packet. Time is what the test says it is. */
@Timeout(20)
class ConversationTest {
  private static final long NOW = 1_000_000_000;
  private static final long LATER = NOW + Conversation.LATE;

  private final Asks asks = new Asks();
  private final NativeBuffer buffer = NativeBuffer.allocate(Packets.MAX_PACKET);
  private PacketSocket[] pair = {};
  private long sequence;

  @BeforeEach
  void connect() throws Exception {
    pair = PacketSocket.pair();
  }

  @AfterEach
  void close() {
    pair[0].close();
    pair[1].close();
  }

  private Conversation conversation() {
    Link link = new Link(pair[0], new FakeProcess());
    Conversation conversation =
        new Conversation(link, HelperSettings.withTimeout(Duration.ofSeconds(5)));
    conversation.begin();
    return conversation;
  }

  private void ask(String... users) {
    for (String user : users) {
      ask(new Ask.User(user, new Scope.Home()));
    }
  }

  private void ask(Ask.Key key) {
    asks.add(new Ask(sequence++, key, NOW + 1_000_000_000_000L, told -> {}), NOW);
  }

  /** Names of the next packet's look-ups, each with its number. */
  private List<String> packet() throws Exception {
    assertTrue(pair[1].receive(buffer) > 0);
    List<String> questions = new ArrayList<>();
    for (ToHelper question : Packets.decodeToHelper(buffer.bytes())) {
      String name = question instanceof ToHelper.Lookup lookup ? lookup.name() : "-";
      questions.add(question.number() + name);
    }
    return questions;
  }

  @Test
  void asks_thatGathered_shareAPacket() throws Exception {
    ask("a", "b", "c");
    assertTrue(conversation().send(asks, NOW));
    assertEquals(List.of("1a", "2b", "3c"), packet());
  }

  @Test
  void asks_moreThanAPacketMayHave_takeTwo() throws Exception {
    ask(IntStream.range(0, 65).mapToObj(i -> "u" + i).toArray(String[]::new));
    conversation().send(asks, NOW);
    assertEquals(64, packet().size());
    assertEquals(List.of("65u64"), packet());
  }

  @Test
  void twoPacketsUnderWay_restGathersUntilOneIsAnswered() throws Exception {
    Conversation conversation = conversation();
    ask("a", "b");
    conversation.send(asks, NOW);
    ask("c");
    conversation.send(asks, NOW);
    ask("d");
    assertFalse(conversation.send(asks, NOW));
    ask("e");
    conversation.answered(1);
    assertFalse(conversation.send(asks, NOW), "only half of it is answered");
    conversation.answered(2);
    assertTrue(conversation.send(asks, NOW));
    assertEquals(List.of("1a", "2b"), packet());
    assertEquals(List.of("3c"), packet());
    assertEquals(List.of("4d", "5e"), packet());
  }

  @Test
  void pages_shareNoPacket() throws Exception {
    ask(new Ask.Page(8, 1, QuotaType.USER, 0));
    ask("a");
    ask(new Ask.Page(8, 1, QuotaType.GROUP, 0));
    ask("b");
    Conversation conversation = conversation();
    conversation.send(asks, NOW);
    assertEquals(List.of("1-"), packet());
    assertEquals(List.of("2a", "3b"), packet());
  }

  @Test
  void answerLate_restOfItsPacketIsAskedAgainAlone() throws Exception {
    Conversation conversation = conversation();
    ask("quick", "slow", "behind", "behind-too");
    conversation.send(asks, NOW);
    asks.takeAnswered(some(conversation.answered(1)));
    conversation.watch(LATER - 1);
    assertFalse(conversation.send(asks, LATER - 1));
    conversation.watch(LATER);
    assertTrue(conversation.send(asks, LATER));
    assertEquals(4, packet().size());
    assertEquals(List.of("5slow"), packet());
    assertEquals(List.of("6behind"), packet());
    assertEquals(List.of("7behind-too"), packet());
  }

  private static Question some(@Nullable Question question) {
    return Objects.requireNonNull(question);
  }

  @Test
  void answerLate_eachGoesAlone_untilItHasCome() throws Exception {
    Conversation conversation = conversation();
    ask("slow");
    conversation.send(asks, NOW);
    conversation.watch(LATER);
    ask("a", "b", "c");
    conversation.send(asks, LATER);
    assertEquals(List.of("1slow"), packet());
    assertEquals(List.of("2a"), packet());
    assertEquals(List.of("3b"), packet());
    assertEquals(List.of("4c"), packet());
    for (int number = 1; number <= 4; number++) {
      conversation.answered(number);
    }
    ask("d", "e");
    conversation.send(asks, LATER);
    assertEquals(List.of("5d", "6e"), packet());
  }

  /** Asked twice, answered twice, told once. */
  @Test
  void answer_ofBothCopies_countsOnce() throws Exception {
    Conversation conversation = conversation();
    ask("a", "b");
    conversation.send(asks, NOW);
    conversation.watch(LATER);
    conversation.send(asks, LATER);
    assertEquals(1, asks.takeAnswered(some(conversation.answered(3))).size());
    assertNull(conversation.answered(1));
    assertEquals(1, asks.takeAnswered(some(conversation.answered(2))).size());
    assertNull(conversation.answered(4));
    assertNull(conversation.answered(4));
    assertNull(conversation.answered(5));
    assertEquals(0, asks.size());
  }
}
