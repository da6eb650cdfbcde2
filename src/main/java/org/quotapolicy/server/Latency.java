// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Arrays;

/** How long answers took until now, in seconds. */
public final class Latency {
  private final long[] counts;
  private final long[] endMicros;
  private final double sum;
  private final double max;

  Latency(long[] counts, long[] endMicros, double sum, double max) {
    this.counts = counts;
    this.endMicros = endMicros;
    this.sum = sum;
    this.max = max;
  }

  /** How many there were. */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /** All together. */
  public double sum() {
    return sum;
  }

  /** The longest. */
  public double max() {
    return max;
  }

  /** What that part of them, from 0 to 1, did not exceed; 0 if there was none. */
  public double quantile(double part) {
    long wanted = Math.max(1, (long) Math.ceil(part * count()));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return Math.min(max, endMicros[i] / 1e6);
      }
    }
    return 0;
  }

  /** How many took less than a power of two of microseconds. */
  public long countBelow(long micros) {
    long below = 0;
    for (int i = 0; i < counts.length && endMicros[i] <= micros; i++) {
      below += counts[i];
    }
    return below;
  }
}
