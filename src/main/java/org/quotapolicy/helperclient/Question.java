// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A look-up for all who asked for the same before it was sent. Not safe for threads. */
final class Question {
  private static final long FIRST_REST = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MOST_DOUBLINGS = 4;

  /** The first to wake first. */
  static final Comparator<Question> BY_WAKING =
      (a, b) ->
          a.moment == b.moment
              ? Long.signum(a.sequence - b.sequence)
              : Long.signum(a.moment - b.moment);

  private final long sequence;
  private final Ask.Key key;
  private final Set<Ask> asks = new LinkedHashSet<>();
  private int refusals;
  private boolean answered;
  private long moment;

  Question(long sequence, Ask.Key key) {
    this.sequence = sequence;
    this.key = key;
  }

  Ask.Key key() {
    return key;
  }

  /** Who asked; changes with this question. */
  Set<Ask> asks() {
    return asks;
  }

  /** It has its answer. */
  void answer() {
    answered = true;
  }

  boolean isAnswered() {
    return answered;
  }

  /** Whether the helper was too busy for it the last time. */
  boolean isRefused() {
    return refusals > 0;
  }

  /** It is sent. */
  void sendAt(long now) {
    moment = now;
  }

  /** It takes the place of one that the helper was too busy for, and rests, each time longer. */
  void restAfter(Question refused, long now) {
    moment = now + (FIRST_REST << Math.min(refused.refusals, MOST_DOUBLINGS));
    refusals = refused.refusals + 1;
  }

  /** When it was sent, or when its rest ends; as System.nanoTime(). */
  long moment() {
    return moment;
  }
}
