// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.time.Duration;
import java.util.SplittableRandom;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.rquota.Outcome.Told;

/** Requests at random moments for users drawn at random; the time is counted and does not pass. */
final class CountedMail {
  private static final double SECOND = 1e9;
  private static final Told TOLD = new Told(Quota.off(QuotaType.USER, 1));

  private final Popularity users;
  private final double rate;
  private final SplittableRandom random;
  private double now;

  /** Mail at so many requests a second. */
  CountedMail(Popularity users, double rate, long seed) {
    this.users = users;
    this.rate = rate;
    this.random = new SplittableRandom(seed);
  }

  /** Whom the next request is for; the time goes on to it. */
  long next() {
    now -= Math.log(1 - random.nextDouble()) / rate * SECOND;
    return users.draw(random);
  }

  /** Questions for one request that the cache leaves over, when as many have filled it. */
  double questions(Duration life, boolean ownGroups, int requests) {
    AnswerCache cache = new AnswerCache(life);
    ask(cache, ownGroups, requests);
    return ask(cache, ownGroups, requests) / (double) requests;
  }

  private int ask(AnswerCache cache, boolean ownGroups, int requests) {
    int questions = 0;
    for (int i = 0; i < requests; i++) {
      long user = next();
      questions += ask(cache, QuotaType.USER, user);
      questions += ask(cache, QuotaType.GROUP, ownGroups ? user : 0);
    }
    return questions;
  }

  private int ask(AnswerCache cache, QuotaType type, long id) {
    Question.Key key = new Question.Key(FakeServer.address(), "/home", true, type, id);
    if (cache.get(key, (long) now) != null) {
      return 0;
    }
    cache.put(key, TOLD, (long) now);
    return 1;
  }
}
