// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * How mail is spread over users: he of rank i gets 1 / i^exponent of what the first one gets
 * (Zipf); with an exponent of 0 all get the same. Ranks far down are taken together, a hundredth of
 * their number at a time.
 */
final class Popularity {
  private static final double STEP = 1.01;

  private final long[] first;
  private final double[] share;
  private final double[] upTo;

  Popularity(long users, double exponent) {
    this.first = steps(users);
    double[] weight = new double[first.length - 1];
    for (int i = 0; i < weight.length; i++) {
      double middle = (first[i] + first[i + 1] - 1) / 2.0;
      weight[i] = width(i) * Math.pow(middle, -exponent);
    }
    double all = Arrays.stream(weight).sum();
    this.share = Arrays.stream(weight).map(one -> one / all).toArray();
    this.upTo = share.clone();
    Arrays.parallelPrefix(upTo, Double::sum);
  }

  /** Where steps begin, and the first rank behind the last one. */
  private static long[] steps(long users) {
    List<Long> ranks = new ArrayList<>();
    for (long rank = 1; rank <= users; rank = Math.max(rank + 1, (long) (rank * STEP))) {
      ranks.add(rank);
    }
    ranks.add(users + 1);
    return ranks.stream().mapToLong(Long::longValue).toArray();
  }

  private long width(int step) {
    return first[step + 1] - first[step];
  }

  /** The rank of whom the next message is for, from 1. */
  long draw(SplittableRandom random) {
    int found = Arrays.binarySearch(upTo, random.nextDouble());
    int step = Math.min(found < 0 ? -found - 1 : found + 1, share.length - 1);
    return first[step] + random.nextLong(width(step));
  }

  /** The sum over all users of what a function makes of a user's share. */
  double sum(DoubleUnaryOperator ofShare) {
    double sum = 0;
    for (int i = 0; i < share.length; i++) {
      sum += width(i) * ofShare.applyAsDouble(share[i] / width(i));
    }
    return sum;
  }
}
