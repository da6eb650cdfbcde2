// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.wire.ToHelper;
import org.quotapolicy.wire.ToHelper.Ping;

/**
 * What is known about one helper, from its start to its end. Not safe for threads.
 *
 * <p>A number stays taken until its answer has come, even if nobody waits for it any more: so a
 * late answer can never be taken for that of another look-up.
 */
final class Conversation {
  private final Link link;
  private final HelperSettings settings;
  private final Map<Integer, Question> sent = new HashMap<>();
  private final long started = System.nanoTime();
  private int lastNumber;
  private boolean ready;

  /** When the helper is given up unless a packet comes before; null = none is awaited. */
  private @Nullable Long patienceEnd;

  private @Nullable String trouble;

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

  /** Sends a look-up; false if that must wait. */
  boolean send(Question question) {
    int number = freeNumber();
    if (!send(question.key().packet(number))) {
      return false;
    }
    sent.put(number, question);
    if (sent.size() >= 2 * settings.maxAsks()) {
      end("it leaves look-ups unanswered");
    }
    return true;
  }

  /** The question that this answer is for; null if the number is not under way. */
  @Nullable Question answered(int number) {
    return sent.remove(number);
  }

  /** A packet came. */
  void heard() {
    patienceEnd = null;
  }

  /** A look-up got no answer in its time: the helper must show that it lives. */
  void doubt() {
    if (isReady() && patienceEnd == null) {
      send(new Ping(freeNumber()));
      patienceEnd = System.nanoTime() + settings.pingTimeout().toNanos();
    }
  }

  /** When {@link #watch} must be called; null = at no certain time. */
  @Nullable Long patienceEnd() {
    return patienceEnd;
  }

  /** Ends the conversation if a packet was awaited for too long. */
  void watch(long now) {
    if (patienceEnd != null && patienceEnd - now <= 0) {
      patienceEnd = null;
      end(
          ready
              ? "it gave no sign of life within " + seconds(settings.pingTimeout())
              : "it said no HELLO within " + seconds(settings.helloTimeout()));
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

  private boolean send(ToHelper packet) {
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
