// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.ToHelper;
import org.quotapolicy.wire.ToHelper.Ping;

/**
 * What is known about one helper, from its start to its end. Not safe for threads.
 *
 * <p>Questions that gather while the helper has two packets to answer go together in the next one.
 * But one slow look-up must not keep those behind it in the same packet waiting: what a packet
 * still lacks after {@link #LATE} is asked again, each look-up in a packet of its own, and so is
 * everything as long as an answer is late. Whichever answer comes first counts.
 *
 * <p>A number stays taken until its answer has come, even if nobody waits for it any more: so a
 * late answer can never be taken for that of another look-up.
 */
final class Conversation {
  /** After this time, in nanoseconds, an answer is late. */
  static final long LATE = TimeUnit.MILLISECONDS.toNanos(10);

  /** The helper works on one packet while its answer to the other is read. */
  private static final int MOST_UNDER_WAY = 2;

  private final Link link;
  private final HelperSettings settings;
  private final Map<Integer, Sent> sent = new HashMap<>();

  /** Those that are not late, the oldest first. */
  private final Deque<Batch> underWay = new ArrayDeque<>();

  /** To be asked again. */
  private final Deque<Question> again = new ArrayDeque<>();

  private final long started = System.nanoTime();
  private int lateAnswers;
  private int lastNumber;
  private boolean ready;

  /** When the helper is given up unless a packet comes before; null = none is awaited. */
  private @Nullable Long patienceEnd;

  private @Nullable String trouble;

  /** A question, and with which others it was sent. */
  private record Sent(Question question, Batch batch) {}

  /** A packet of questions. */
  private static final class Batch {
    private final List<Question> questions;
    private final long end;
    private int open;
    private boolean late;

    Batch(List<Question> questions, long now) {
      this.questions = questions;
      this.end = now + LATE;
      this.open = questions.size();
    }
  }

  Conversation(Link link, HelperSettings settings) {
    this.link = link;
    this.settings = settings;
    this.patienceEnd = started + settings.helloTimeout().toNanos();
  }

  /** Whether the HELLO has come, and nothing has gone wrong since. */
  boolean isReady() {
    return ready && trouble == null;
  }

  boolean hasBegun() {
    return ready;
  }

  /** The HELLO has come. */
  void begin() {
    ready = true;
  }

  /** Whether the helper has lived so long that its next end is a new matter. */
  boolean hasSettled() {
    return ready && System.nanoTime() - started >= settings.settled().toNanos();
  }

  /** What went wrong on this side; null = nothing. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Sends what can be sent now; whether anything was. */
  boolean send(Asks asks, long now) {
    boolean any = false;
    while (sendAgain(now) || sendNext(asks, now)) {
      any = true;
    }
    return any;
  }

  private boolean sendAgain(long now) {
    Question next = again.peek();
    while (next != null && next.isAnswered()) {
      again.remove();
      next = again.peek();
    }
    return next != null && send(List.of(next), now) && again.remove(next);
  }

  private boolean sendNext(Asks asks, long now) {
    if (lateAnswers == 0 && underWay.size() >= MOST_UNDER_WAY) {
      return false;
    }
    List<Question> next = asks.sendable(lateAnswers == 0 ? Packets.MAX_MESSAGES : 1);
    if (next.isEmpty() || !send(next, now)) {
      return false;
    }
    asks.sent(next, now);
    return true;
  }

  /** Only look-ups may share a packet. */
  private boolean send(List<Question> questions, long now) {
    List<Integer> numbers = new ArrayList<>(questions.size());
    List<ToHelper> packet = new ArrayList<>(questions.size());
    for (Question question : questions) {
      int number = freeNumber();
      numbers.add(number);
      packet.add(question.key().packet(number));
    }
    if (!send(packet)) {
      return false;
    }
    Batch batch = new Batch(questions, now);
    for (int i = 0; i < questions.size(); i++) {
      sent.put(numbers.get(i), new Sent(questions.get(i), batch));
    }
    underWay.add(batch);
    if (sent.size() >= 2 * settings.maxAsks()) {
      end("it leaves look-ups unanswered");
    }
    return true;
  }

  /** The question that this answer is for; null if there is none, or it was answered before. */
  @Nullable Question answered(int number) {
    Sent answered = sent.remove(number);
    if (answered == null) {
      return null;
    }
    Batch batch = answered.batch();
    batch.open--;
    if (batch.late) {
      lateAnswers--;
    } else if (batch.open == 0) {
      underWay.remove(batch);
    }
    return answered.question().isAnswered() ? null : answered.question();
  }

  /** A packet came. */
  void heard() {
    patienceEnd = null;
  }

  /** A look-up got no answer in its time: the helper must show that it lives. */
  void doubt() {
    if (isReady() && patienceEnd == null) {
      send(List.of(new Ping(freeNumber())));
      patienceEnd = System.nanoTime() + settings.pingTimeout().toNanos();
    }
  }

  /** Whether a packet is awaited, be it in vain. */
  boolean isInDoubt() {
    return patienceEnd != null;
  }

  /** When {@link #watch} must be called; null = at no certain time. */
  @Nullable Long nextMoment() {
    Batch oldest = underWay.peek();
    if (oldest == null || (patienceEnd != null && patienceEnd - oldest.end < 0)) {
      return patienceEnd;
    }
    return oldest.end;
  }

  /** Notices what is late; ends the conversation if a packet was awaited for too long. */
  void watch(long now) {
    for (Batch oldest = underWay.peek(); isLate(oldest, now); oldest = underWay.peek()) {
      giveUp(underWay.remove());
    }
    if (patienceEnd != null && patienceEnd - now <= 0) {
      patienceEnd = null;
      end(
          ready
              ? "it gave no sign of life within " + seconds(settings.pingTimeout())
              : "it said no HELLO within " + seconds(settings.helloTimeout()));
    }
  }

  private static boolean isLate(@Nullable Batch oldest, long now) {
    return oldest != null && oldest.end - now <= 0;
  }

  private void giveUp(Batch batch) {
    batch.late = true;
    lateAnswers += batch.open;
    if (batch.questions.size() > 1) {
      batch.questions.stream().filter(question -> !question.isAnswered()).forEach(again::add);
    }
  }

  /** Ends the conversation: the receiving thread will notice. */
  void end(String reason) {
    if (trouble == null) {
      trouble = reason;
      link.shutdown();
    }
  }

  static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  private boolean send(List<ToHelper> packet) {
    try {
      return isReady() && link.send(packet);
    } catch (NativeFailure e) {
      boolean gone = e.errnoName().equals("EPIPE") || e.errnoName().equals("ECONNRESET");
      end(gone ? Link.ENDED : "it cannot be written to: " + e.getMessage());
      return false;
    }
  }

  private int freeNumber() {
    do {
      lastNumber++;
    } while (sent.containsKey(lastNumber));
    return lastNumber;
  }
}
