// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Refuse.Cause;

/** Why mail would be refused, in a sentence. */
final class Explanation {
  private Explanation() {}

  static String of(Refuse refuse) {
    ResourceQuota numbers = refuse.numbers();
    boolean hard = refuse.cause() == Cause.HARD_LIMIT;
    String limit = hard ? "hard limit" : "soft limit";
    String over = hard ? "" : numbers.hasTimer() ? " whose grace is over" : " without grace";
    long value = hard ? numbers.hardLimit() : numbers.softLimit();
    return "%s quota of id %d: %s used, %s %s%s, %s needed"
        .formatted(
            refuse.type().word(),
            refuse.id(),
            amount(refuse.resource(), numbers.usage()),
            limit,
            amount(refuse.resource(), value),
            over,
            amount(refuse.resource(), refuse.need()));
  }

  /** An amount with its unit. */
  static String amount(Resource resource, long value) {
    if (resource == Resource.SPACE) {
      return Units.bytes(value);
    }
    return Units.count(value) + (value == 1 ? " inode" : " inodes");
  }
}
