// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long answers took. Of fixed size; thread-safe; nobody waits.
 *
 * <p>Each power of two of microseconds is cut in eight, so that no figure is off by more than an
 * eighth. What took longer than 67 s is in the last.
 */
final class Latencies {
  private static final int SHIFT = 3;
  private static final int PARTS = 1 << SHIFT;

  /** Powers of two of microseconds: the last begins at 2^26 us. */
  private static final int POWERS = 27;

  private final AtomicLongArray counts = new AtomicLongArray(POWERS * PARTS);
  private final LongAdder sumNanos = new LongAdder();
  private final LongAccumulator maxNanos = new LongAccumulator(Long::max, 0);

  void add(long nanos) {
    long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos));
    counts.incrementAndGet(Math.min(counts.length() - 1, index(micros)));
    sumNanos.add(nanos);
    maxNanos.accumulate(nanos);
  }

  /** Below 8 us each has its own; above, the power and the three bits that follow its first. */
  private static int index(long micros) {
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros | 1);
    return power < SHIFT
        ? (int) micros
        : (power - SHIFT + 1) * PARTS + (int) ((micros >>> (power - SHIFT)) & (PARTS - 1));
  }

  /** The first microsecond behind those of an index. */
  private static long end(int index) {
    int power = index / PARTS - 1;
    return power < 0 ? index + 1 : (long) (index % PARTS + PARTS + 1) << power;
  }

  /** All of them as they are now. */
  Latency read() {
    long[] copy = new long[counts.length()];
    long[] ends = new long[counts.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.get(i);
      ends[i] = end(i);
    }
    return new Latency(copy, ends, sumNanos.sum() / 1e9, maxNanos.get() / 1e9);
  }
}
