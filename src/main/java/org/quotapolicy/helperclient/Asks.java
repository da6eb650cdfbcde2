// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The asks that are owed a result, and the questions to the helper that they lead to. Not safe for
 * threads.
 *
 * <p>An ask joins a question that is not sent yet, never one that is: the helper may have read the
 * numbers before the ask was made, and Postfix may have delivered a message in between, perhaps
 * because of the answer to that very question. Instead, while one is under way the next for the
 * same user waits and collects all who ask meanwhile. So each user takes one thread of the helper,
 * two if he was asked about together with others, however many want to know about him and however
 * slow the name service is.
 *
 * <p>Whoever takes an ask out owes it the result: so it gets exactly one.
 */
final class Asks {
  /** A question under way for so long does not keep the next one waiting any more. */
  static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(60);

  private final TreeSet<Ask> open = new TreeSet<>(Ask.BY_DEADLINE);

  /** Each is sendable, or resting, or waits for the one under way. */
  private final Map<Ask.Key, Question> unsent = new HashMap<>();

  private final Set<Question> sendable = new LinkedHashSet<>();
  private final TreeSet<Question> resting = new TreeSet<>(Question.BY_WAKING);
  private final Map<Ask.Key, Question> underWay = new HashMap<>();
  private long sequence;

  int size() {
    return open.size();
  }

  void add(Ask ask, long now) {
    open.add(ask);
    Question question = unsent(ask.key());
    question.asks().add(ask);
    if (!isResting(question) && !isHeld(ask.key(), now)) {
      sendable.add(question);
    }
  }

  private boolean isResting(Question question) {
    return !resting.isEmpty() && resting.contains(question);
  }

  private Question unsent(Ask.Key key) {
    Question known = unsent.get(key);
    if (known != null) {
      return known;
    }
    Question question = new Question(sequence++, key);
    unsent.put(key, question);
    return question;
  }

  private boolean isHeld(Ask.Key key, long now) {
    Question before = underWay.get(key);
    return before != null && now - before.moment() < LONGEST_HOLD;
  }

  /** Takes an ask out; false if somebody did before. */
  boolean take(Ask ask) {
    Question question = unsent.get(ask.key());
    if (question != null && question.asks().remove(ask) && question.asks().isEmpty()) {
      drop(question);
    }
    return open.remove(ask);
  }

  private void drop(Question question) {
    unsent.remove(question.key());
    sendable.remove(question);
    resting.remove(question);
  }

  List<Ask> takeAll() {
    List<Ask> all = List.copyOf(open);
    all.forEach(this::take);
    return all;
  }

  /** The one with the first deadline, if that has come. */
  @Nullable Ask expired(long now) {
    return open.isEmpty() || open.first().deadline() - now > 0 ? null : open.first();
  }

  /** Whether the helper has been too busy to say anything about this. */
  boolean isRefused(Ask.Key key) {
    Question next = unsent.get(key);
    Question before = underWay.get(key);
    return (next != null && next.isRefused()) || (before != null && before.isRefused());
  }

  /** When a deadline passes or a rest ends. */
  OptionalLong nextMoment() {
    if (open.isEmpty()) {
      return OptionalLong.empty();
    }
    long deadline = open.first().deadline();
    boolean wakesFirst = !resting.isEmpty() && resting.first().moment() - deadline < 0;
    return OptionalLong.of(wakesFirst ? resting.first().moment() : deadline);
  }

  /** Makes questions sendable whose rest is over. */
  void wake(long now) {
    while (!resting.isEmpty() && resting.first().moment() - now <= 0) {
      sendable.add(resting.pollFirst());
    }
  }

  /**
   * The sendable questions that may share a packet, the oldest first. They are sent if {@link
   * #sent} is told so.
   */
  List<Question> sendable(int most) {
    List<Question> next = new ArrayList<>();
    for (Question question : sendable) {
      if (next.size() < most && (next.isEmpty() || areLookups(next.get(0), question))) {
        next.add(question);
      }
    }
    return next;
  }

  private static boolean areLookups(Question one, Question other) {
    return one.key() instanceof Ask.User && other.key() instanceof Ask.User;
  }

  /** These were sent. */
  void sent(List<Question> questions, long now) {
    for (Question question : questions) {
      sendable.remove(question);
      unsent.remove(question.key());
      underWay.put(question.key(), question);
      question.sendAt(now);
    }
  }

  /** A question has its answer: takes those out who asked it and still wait. */
  List<Ask> takeAnswered(Question question) {
    List<Ask> answered = new ArrayList<>();
    question.answer();
    for (Ask ask : question.asks()) {
      if (take(ask)) {
        answered.add(ask);
      }
    }
    release(question);
    return answered;
  }

  private void release(Question question) {
    Question next = unsent.get(question.key());
    if (underWay.remove(question.key(), question) && next != null && !isResting(next)) {
      sendable.add(next);
    }
  }

  /** The helper was too busy for a question: those who asked it and still wait, wait on. */
  void rest(Question refused, long now) {
    underWay.remove(refused.key(), refused);
    Question next = unsent(refused.key());
    refused.asks().stream().filter(open::contains).forEach(next.asks()::add);
    drop(next);
    if (!next.asks().isEmpty()) {
      next.restAfter(refused, now);
      unsent.put(next.key(), next);
      resting.add(next);
    }
  }

  /** The helper is gone: whatever is open must be asked of the next one. */
  void unsend(long now) {
    unsent.clear();
    sendable.clear();
    resting.clear();
    underWay.clear();
    for (Ask ask : List.copyOf(open)) {
      add(ask, now);
    }
  }
}
