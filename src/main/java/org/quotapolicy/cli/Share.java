// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Instant;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Resource;

/**
 * How much of the limit that binds is used: the soft limit if its grace is over, or its grace
 * period 0, or there is no hard one; else the hard limit.
 *
 * @param resource what is limited
 * @param limit bytes or inodes, unsigned; 0 = nothing is limited
 * @param used as a share of it; more than 1 if it is exceeded
 */
record Share(Resource resource, long limit, double used) {

  /** The resource of which the larger share is used. */
  static Share of(Quota quota, FilesystemType type, Instant now) {
    Share space = of(Resource.SPACE, quota.space(), type, now);
    Share inodes = of(Resource.INODES, quota.inodes(), type, now);
    return inodes.used > space.used || space.limit == 0 ? inodes : space;
  }

  /** That of one resource. */
  static Share of(Resource resource, ResourceQuota numbers, FilesystemType type, Instant now) {
    boolean isOver =
        numbers.isWithoutGrace()
            || (numbers.hasTimer() && type.hasExpired(numbers.graceExpiry(), now.getEpochSecond()));
    boolean softBinds = numbers.softLimit() != 0 && (isOver || numbers.hardLimit() == 0);
    long limit = softBinds ? numbers.softLimit() : numbers.hardLimit();
    return new Share(resource, limit, limit == 0 ? 0 : Units.share(numbers.usage(), limit));
  }
}
