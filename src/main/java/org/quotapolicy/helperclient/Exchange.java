// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.wire.FromHelper;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Outcome;

/**
 * All that the threads of the client share: the asks, and the conversation with the helper of the
 * moment. Safe for threads; never calls a sink, so that no sink runs inside of its lock.
 */
final class Exchange {
  private final HelperSettings settings;
  private final Asks asks = new Asks();
  private @Nullable Conversation conversation;

  /** Why nobody can be asked at the moment. */
  private String absence = "it has not started";

  /** Why nobody will be asked any more; null = somebody will. */
  private @Nullable String over;

  private long sequence;
  private long alarm = System.nanoTime();

  /** Whether anything began since the alarm was set. */
  private boolean stirred;

  Exchange(HelperSettings settings) {
    this.settings = settings;
  }

  /** Takes in an ask, to be sent with the next flush; else gives its result at once. */
  synchronized Optional<CouldNotTell> admit(Ask.Key key, long deadline, Consumer<Told> sink) {
    if (over != null) {
      return Optional.of(new CouldNotTell(over));
    }
    if (asks.size() >= settings.maxAsks()) {
      return Optional.of(Results.TOO_MANY);
    }
    long now = System.nanoTime();
    asks.add(new Ask(sequence++, key, deadline, sink), now);
    stir(now); // sends it, if nobody else does
    if (deadline - alarm < 0) {
      notifyAll();
    }
    return Optional.empty();
  }

  /** A helper was started. */
  synchronized void open(Conversation next) {
    conversation = next;
    if (over != null) {
      next.end(over);
    }
    notifyAll();
  }

  /** The helper said HELLO: it gets what waits. */
  synchronized void begin() {
    if (conversation != null) {
      conversation.begin();
      conversation.heard();
    }
    flush();
    notifyAll();
  }

  /** Whether the HELLO came. */
  synchronized boolean hasBegun() {
    return conversation != null && conversation.hasBegun();
  }

  synchronized boolean isReady() {
    return conversation != null && conversation.isReady();
  }

  /** The helper gave a sign of life. */
  synchronized void heard() {
    if (conversation != null) {
      conversation.heard();
    }
    flush();
  }

  /** The helper must show that it lives, if there is one. */
  synchronized void demandSign() {
    doubt();
    notifyAll();
  }

  /** Whether a helper that was ready owes a sign of life. */
  synchronized boolean isInDoubt() {
    return conversation != null && conversation.isReady() && conversation.isInDoubt();
  }

  /** A packet of answers came. The results for the asks that they complete are handed out. */
  synchronized List<Delivery> answered(List<FromHelper> answers) {
    List<Delivery> results = new ArrayList<>(answers.size());
    for (FromHelper answer : answers) {
      answered((Answer) answer, results);
    }
    heard();
    stir(System.nanoTime());
    return results;
  }

  private void answered(Answer answer, List<Delivery> results) {
    Question question = conversation == null ? null : conversation.answered(answer.number());
    if (question != null) {
      Told told = new Told.Answered(answer.outcome());
      for (Ask ask : take(question, answer.outcome())) {
        results.add(new Delivery(ask, told));
      }
    }
  }

  private List<Ask> take(Question question, Outcome outcome) {
    if (!(outcome instanceof Outcome.Busy)) {
      return asks.takeAnswered(question);
    }
    asks.rest(question, System.nanoTime());
    notifyAll();
    return List.of();
  }

  /** Sends what is asked, if the helper should have it now. */
  synchronized void flush() {
    long now = System.nanoTime();
    if (conversation != null && conversation.send(asks, now)) {
      stir(now);
    }
  }

  /**
   * Something begins that may take too long: has {@link #awaitExpired} return before that. It does
   * so again and again as long as there is work, and need not be woken for each request.
   */
  synchronized void stir(long now) {
    stirred = true;
    if (alarm - now > Conversation.LATE) {
      alarm = now + Conversation.LATE;
      notifyAll();
    }
  }

  /**
   * The helper is gone. What it was asked waits for the next.
   *
   * @param found what was wrong with what it said; null = nothing
   * @return why it is gone
   */
  synchronized String close(@Nullable String found) {
    String trouble = conversation == null ? null : conversation.trouble();
    String reason = found == null ? trouble : found;
    conversation = null;
    absence = reason == null ? Link.ENDED : reason;
    asks.unsend(System.nanoTime());
    return absence;
  }

  /** Nobody will be asked any more. Hands out the asks that are left. */
  synchronized List<Ask> end(String reason) {
    if (over == null) {
      over = reason;
    }
    if (conversation != null) {
      conversation.end(reason);
    }
    notifyAll();
    return asks.takeAll();
  }

  synchronized boolean isOver() {
    return over != null;
  }

  /** What to say of asks whose deadline passed. */
  synchronized String silence() {
    return isReady()
        ? "helper did not answer within " + Conversation.seconds(settings.timeout())
        : "helper is not there: " + absence;
  }

  /** Waits for what time brings, and hands out the results of asks whose deadline passed. */
  synchronized List<Delivery> awaitExpired() throws InterruptedException {
    if (over == null) {
      long now = System.nanoTime();
      alarm = nextAlarm(now);
      TimeUnit.NANOSECONDS.timedWait(this, alarm - now);
    }
    long now = System.nanoTime();
    List<Delivery> expired = takeExpired(now);
    if (!expired.isEmpty()) {
      doubt();
    }
    watch(now);
    asks.wake(now);
    flush();
    return expired;
  }

  /** Waits until a helper is ready; false if none was in time. */
  synchronized boolean awaitReady(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (over == null && !isReady() && end - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    }
    return isReady();
  }

  /** Waits, though not longer than until all is over. */
  synchronized void pause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (over == null && end - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    }
  }

  private List<Delivery> takeExpired(long now) {
    List<Delivery> expired = new ArrayList<>();
    for (Ask ask = asks.expired(now); ask != null; ask = asks.expired(now)) {
      boolean busy = isReady() && asks.isRefused(ask.key());
      CouldNotTell why = busy ? Results.BUSY : new CouldNotTell(silence());
      expired.add(new Delivery(ask, new Told.Silent(why)));
      asks.take(ask);
    }
    return expired;
  }

  private void doubt() {
    if (conversation != null) {
      conversation.doubt();
    }
  }

  private void watch(long now) {
    if (conversation != null) {
      conversation.watch(now);
    }
  }

  /**
   * The next moment at which something is due. At least once in each time-out, so that an ask,
   * whose deadline is usually that far away, need not wake the thread that waits.
   */
  private long nextAlarm(long now) {
    long next = now + settings.timeout().toNanos();
    OptionalLong moment = asks.nextMoment();
    if (moment.isPresent() && moment.getAsLong() - next < 0) {
      next = moment.getAsLong();
    }
    Long awaited = conversation == null ? null : conversation.nextMoment();
    if (awaited != null && awaited - next < 0) {
      next = awaited;
    }
    long soon = now + Conversation.LATE;
    boolean isSoon = stirred && soon - next < 0;
    stirred = false;
    return isSoon ? soon : next;
  }
}
