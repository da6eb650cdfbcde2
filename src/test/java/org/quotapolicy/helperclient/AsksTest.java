// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.Project;
import org.quotapolicy.wire.Scope;

class AsksTest {
  /** As System.nanoTime(), shortly before it overflows. */
  private static final long NOW = Long.MAX_VALUE - 1_000;

  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Ask.Key ALICE = new Ask.User("alice", new Scope.Home());
  private static final Ask.Key ALICE_ON_SDB =
      new Ask.User("alice", new Scope.Device(8, 16, new Project.Unnamed()));
  private static final Ask.Key BOB = new Ask.User("bob", new Scope.Home());

  private final Asks asks = new Asks();
  private long sequence;

  private Ask ask(Ask.Key key, long now) {
    Ask ask = new Ask(sequence++, key, now + 5_000 * MS, result -> {});
    asks.add(ask, now);
    return ask;
  }

  private List<Question> send(long now) {
    List<Question> sent = asks.sendable(Integer.MAX_VALUE);
    asks.sent(sent, now);
    return sent;
  }

  @Test
  void unsent_sameKey_isJoined() {
    Ask first = ask(ALICE, NOW);
    Ask second = ask(ALICE, NOW + 1);
    ask(BOB, NOW);
    ask(ALICE_ON_SDB, NOW);
    List<Question> sent = send(NOW);
    assertEquals(List.of(ALICE, BOB, ALICE_ON_SDB), sent.stream().map(Question::key).toList());
    assertEquals(List.of(first, second), asks.takeAnswered(sent.get(0)));
    assertEquals(2, asks.size());
  }

  @Test
  void sent_isNotJoined_nextWaitsForItsAnswer() {
    Ask before = ask(ALICE, NOW);
    Question first = send(NOW).get(0);
    Ask after = ask(ALICE, NOW);
    assertEquals(List.of(), send(NOW));
    assertEquals(List.of(before), asks.takeAnswered(first));
    assertEquals(List.of(after), asks.takeAnswered(send(NOW).get(0)));
    assertEquals(0, asks.size());
  }

  @Test
  void refused_waitsLongerEachTime() {
    ask(ALICE, NOW);
    long now = NOW;
    for (long rest : new long[] {100, 200, 400, 800, 1_600, 1_600}) {
      asks.rest(send(now).get(0), now);
      assertTrue(asks.isRefused(ALICE));
      assertFalse(asks.isRefused(BOB));
      asks.wake(now + rest * MS - 1);
      assertEquals(List.of(), send(now));
      now += rest * MS;
      assertEquals(OptionalLong.of(Math.min(now - NOW, 5_000 * MS) + NOW), asks.nextMoment());
      asks.wake(now);
    }
    assertEquals(1, asks.takeAnswered(send(now).get(0)).size());
    assertFalse(asks.isRefused(ALICE));
  }

  @Test
  void refused_isJoinedByWhoAsksMeanwhile() {
    Ask before = ask(ALICE, NOW);
    Question first = send(NOW).get(0);
    Ask during = ask(ALICE, NOW);
    asks.rest(first, NOW);
    Ask after = ask(ALICE, NOW);
    assertEquals(List.of(), send(NOW));
    asks.wake(NOW + 100 * MS);
    Question second = send(NOW + 100 * MS).get(0);
    assertEquals(List.of(during, before, after), asks.takeAnswered(second));
  }

  @Test
  void expired_leavesNoQuestion() {
    Ask alice = ask(ALICE, NOW);
    Ask bob = ask(BOB, NOW);
    asks.rest(send(NOW).get(0), NOW);
    assertTrue(asks.take(alice));
    assertFalse(asks.take(alice));
    assertEquals(OptionalLong.of(bob.deadline()), asks.nextMoment());
    asks.wake(NOW + 100 * MS);
    assertEquals(List.of(), send(NOW + 100 * MS));
    assertNotNull(asks.expired(bob.deadline()));
    assertTrue(asks.take(bob));
    assertEquals(OptionalLong.empty(), asks.nextMoment());
  }

  /** One thread of the helper may hang for ever; then one a minute may be risked. */
  @Test
  void held_forAMinute_isAskedAgain() {
    ask(ALICE, NOW);
    Question stuck = send(NOW).get(0);
    ask(ALICE, NOW + Asks.LONGEST_HOLD - 1);
    assertEquals(List.of(), send(NOW));
    Ask late = ask(ALICE, NOW + Asks.LONGEST_HOLD);
    Question second = send(NOW + Asks.LONGEST_HOLD).get(0);
    assertTrue(second.asks().contains(late));
    ask(ALICE, NOW + Asks.LONGEST_HOLD);
    asks.takeAnswered(stuck);
    assertEquals(List.of(), send(NOW + Asks.LONGEST_HOLD), "the second is still under way");
  }

  @Test
  void helperGone_allIsSentAgain() {
    Ask sent = ask(ALICE, NOW);
    Question lost = send(NOW).get(0);
    Ask waiting = ask(ALICE, NOW);
    Ask resting = ask(BOB, NOW);
    asks.rest(send(NOW).get(0), NOW);
    asks.unsend(NOW);
    List<Question> again = send(NOW);
    assertEquals(2, again.size());
    assertEquals(List.of(sent, waiting), asks.takeAnswered(again.get(0)));
    assertEquals(List.of(resting), asks.takeAnswered(again.get(1)));
    assertEquals(List.of(), asks.takeAnswered(lost));
  }
}
