// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

/**
 * An amount of a resource that is given out in whole units.
 *
 * <p>Compares counts of units, not sums, so that nothing can overflow.
 *
 * @param value bytes, or inodes; unsigned
 * @param unit bytes of a block, or 1; positive
 */
record Amount(long value, int unit) {

  /** Whether usage that grows by this amount passes the limit; 0 = no limit. Nothing never does. */
  boolean passes(long limit, long usage) {
    if (limit == 0 || value == 0) {
      return false;
    }
    return Long.compareUnsigned(usage, limit) > 0
        || Long.compareUnsigned(units(), Long.divideUnsigned(limit - usage, unit)) > 0;
  }

  /** What is left of it when the last unit is taken away; nothing if there is one at most. */
  Amount withoutOneUnit() {
    return new Amount(Long.compareUnsigned(value, unit) > 0 ? value - unit : 0, unit);
  }

  /** The value rounded up to whole units; 2^64-1 if it is more than that. */
  long rounded() {
    long remainder = Long.remainderUnsigned(value, unit);
    long sum = remainder == 0 ? value : value - remainder + unit;
    return Long.compareUnsigned(sum, value) < 0 ? -1L : sum;
  }

  private long units() {
    long whole = Long.divideUnsigned(value, unit);
    return Long.remainderUnsigned(value, unit) == 0 ? whole : whole + 1;
  }
}
