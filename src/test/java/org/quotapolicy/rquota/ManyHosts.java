// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.PrintStream;

/** What docs/scale.md says of a hundred mail hosts and ten million users, by its formulas. */
final class ManyHosts {
  private static final long USERS = 10_000_000;
  private static final int HOSTS = 100;
  private static final double[] EXPONENTS = {0, 0.8, 1};
  private static final int[] RATES = {1_000, 5_000, 20_000};

  private final PrintStream out;

  ManyHosts(PrintStream out) {
    this.out = out;
  }

  void questions() {
    out.println(
        "| recipients/s | exponent | no cache | 5 s | 60 s | 60 s, spread | 5 s, one group |");
    out.println("|---|---|---|---|---|---|---|");
    for (int rate : RATES) {
      for (double exponent : EXPONENTS) {
        Popularity users = new Popularity(USERS, exponent);
        Popularity own = new Popularity(USERS / HOSTS, exponent);
        out.printf(
            "| %,d | %s | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f |%n",
            rate,
            exponent,
            questions(users, rate, 0, true),
            questions(users, rate, 5, true),
            questions(users, rate, 60, true),
            questions(own, rate, 60, true),
            questions(users, rate, 5, false));
      }
    }
  }

  private static double questions(Popularity users, int rate, int life, boolean ownGroups) {
    double ofHost = (double) rate / HOSTS;
    return rate * CacheForecast.of(users, ofHost, life, AnswerCache.MOST, ownGroups).perRequest();
  }

  void lookUps() {
    out.println("| recipients/s | exponent | no cache | 600 s | 600 s, spread | 3,600 s, spread |");
    out.println("|---|---|---|---|---|---|");
    for (int rate : RATES) {
      for (double exponent : EXPONENTS) {
        Popularity users = new Popularity(USERS, exponent);
        Popularity own = new Popularity(USERS / HOSTS, exponent);
        out.printf(
            "| %,d | %s | %,d | %,.0f | %,.0f | %,.0f |%n",
            rate,
            exponent,
            rate,
            lookUps(users, rate, 600),
            lookUps(own, rate, 600),
            lookUps(own, rate, 3_600));
      }
    }
  }

  private static double lookUps(Popularity users, int rate, int life) {
    return HOSTS * CacheForecast.questions(users, (double) rate / HOSTS, life);
  }
}
