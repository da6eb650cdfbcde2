// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The formula of docs/scale.md against the cache itself, in a time that is only counted. */
class CacheForecastTest {
  private static final long MILLIONS = 10_000_000;
  private static final long SEED = 7;

  @Test
  void draw_manyTimes_goesByTheShares() {
    Popularity users = new Popularity(MILLIONS, 1);
    CountedMail mail = new CountedMail(users, 100, SEED);
    int first = 0;
    for (int i = 0; i < 100_000; i++) {
      first += mail.next() == 1 ? 1 : 0;
    }
    double harmonic = Math.log(MILLIONS) + 0.5772;

    assertEquals(1, users.sum(share -> share), 1e-9);
    assertEquals(1 / harmonic, first / 100_000.0, 0.002);
  }

  @Test
  void forecast_cacheOfFiveSeconds_isWhatTheCacheDoes() {
    for (double exponent : new double[] {0, 0.8, 1, 1.2}) {
      for (double rate : new double[] {10, 100, 1_000}) {
        assertForecast(exponent, rate, 5, true);
        assertForecast(exponent, rate, 5, false);
      }
    }
  }

  @Test
  void forecast_lifeThatTheCacheIsTooSmallFor_isWhatTheCacheDoes() {
    assertForecast(0.8, 1_000, 600, true);
    assertForecast(1.2, 1_000, 600, false);
  }

  @Test
  void forecast_noCache_isTwoQuestions() {
    assertForecast(1, 100, 0, true);
    assertForecast(1, 100, 0, false);
  }

  private static void assertForecast(double exponent, double rate, int life, boolean ownGroups) {
    Popularity users = new Popularity(MILLIONS, exponent);
    CacheForecast forecast = CacheForecast.of(users, rate, life, AnswerCache.MOST, ownGroups);
    CountedMail mail = new CountedMail(users, rate, SEED);
    double counted = mail.questions(Duration.ofSeconds(life), ownGroups, 40_000);

    assertEquals(
        forecast.perRequest(),
        counted,
        0.03 * forecast.perRequest() + 0.01,
        () -> "exponent %s, %s/s, %d s, seed %d".formatted(exponent, rate, life, SEED));
  }
}
