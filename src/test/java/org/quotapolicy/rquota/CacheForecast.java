// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

/**
 * What a cache leaves over whose answers live for a time, docs/scale.md: of each key the first
 * request is a question, what comes within the life of the answer is none, and the next request
 * after that is a question again. With a request every 1/a seconds at random, that is one question
 * in life + 1/a seconds.
 *
 * @param perRequest questions for one request, from 0 to 2: the user's and the group's
 * @param life how long an answer is really kept, in seconds: less if the cache is too small
 */
record CacheForecast(double perRequest, double life) {

  /**
   * Of one cache.
   *
   * @param rate requests a second
   * @param life of answers, in seconds; 0 for no cache
   * @param most answers that are kept
   * @param ownGroups whether each user's group is his own; else one is everybody's
   */
  static CacheForecast of(Popularity users, double rate, double life, int most, boolean ownGroups) {
    double kept = life;
    if (questions(users, rate, life, ownGroups) * life > most) {
      kept = whenFull(users, rate, life, most, ownGroups);
    }
    return new CacheForecast(questions(users, rate, kept, ownGroups) / rate, kept);
  }

  /** After how long the oldest answer is given up, as that many newer ones have come. */
  private static double whenFull(
      Popularity users, double rate, double life, int most, boolean ownGroups) {
    double low = 0;
    double high = life;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (questions(users, rate, middle, ownGroups) * middle > most) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /** Questions a second. */
  private static double questions(Popularity users, double rate, double life, boolean ownGroups) {
    double ofUsers = questions(users, rate, life);
    return ofUsers + (ownGroups ? ofUsers : rate / (1 + rate * life));
  }

  /** Questions a second, of each user one. */
  static double questions(Popularity users, double rate, double life) {
    return users.sum(share -> rate * share / (1 + rate * share * life));
  }
}
