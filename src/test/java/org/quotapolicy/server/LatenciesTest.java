// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  private void add(long micros) {
    latencies.add(TimeUnit.MICROSECONDS.toNanos(micros));
  }

  @Test
  void nothing_isZero() {
    assertEquals(0, latencies.read().count());
    assertEquals(0, latencies.read().quantile(0.5));
    assertEquals(0, latencies.read().max());
  }

  @Test
  void bounds_ofPowersOfTwo_areExact() {
    for (int power = 0; power <= 26; power++) {
      add((1L << power) - 1);
      add(1L << power);
    }
    for (int power = 0; power <= 26; power++) {
      assertEquals(2 * power + 1, latencies.read().countBelow(1L << power), "2^" + power);
    }
  }

  @Test
  void extremes_areCounted() {
    latencies.add(-1);
    latencies.add(0);
    latencies.add(Long.MAX_VALUE);
    assertEquals(3, latencies.read().count());
    assertEquals(2, latencies.read().countBelow(1));
    assertEquals(Long.MAX_VALUE / 1e9, latencies.read().max());
  }

  /** Against the sorted values themselves. */
  @Test
  void quantiles_areWithinAnEighth() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    long[] values = new long[5_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1L << random.nextInt(25);
      values[i] += random.nextLong(values[i]);
      add(values[i]);
    }
    Arrays.sort(values);
    for (double part : new double[] {0.001, 0.5, 0.9, 0.99, 0.999, 1}) {
      double exact = values[(int) Math.ceil(part * values.length) - 1] / 1e6;
      double said = latencies.read().quantile(part);
      assertTrue(
          said >= exact && said <= exact * 9 / 8 + 1e-6,
          () -> part + ": " + said + " for " + exact + ", seed " + seed);
    }
    assertEquals(Arrays.stream(values).sum() / 1e6, latencies.read().sum(), 1e-3);
  }
}
