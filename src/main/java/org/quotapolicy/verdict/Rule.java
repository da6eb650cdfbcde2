// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Refuse.Cause;
import org.quotapolicy.verdict.Verdict.Unknown;

/**
 * The kernel's rule: would it let one id's usage grow by what a message needs?
 *
 * <p>Source: dquot_add_space() and dquot_add_inodes() in fs/quota/dquot.c, xfs_dqresv_check() in
 * fs/xfs/xfs_trans_dquot.c. A growth is refused if it passes the hard limit, or if it passes the
 * soft limit while a timer runs that has expired. Reaching a limit exactly is allowed. A message
 * that needs nothing of a resource is not refused for it, however full it is: nothing is taken.
 * With a grace period of 0 one block passes the soft limit, and the timer that it starts refuses
 * the next.
 */
public final class Rule {
  /** Stands in for a block size that is not known: that of nearly all filesystems. */
  static final int USUAL_BLOCK_SIZE = 4096;

  private final FilesystemType type;
  private final FilesystemQuotas filesystem;
  private final int blockSize;
  private final Needs needs;
  private final long now;

  private Rule(
      FilesystemType type, FilesystemQuotas filesystem, int blockSize, Needs needs, Instant now) {
    this.type = type;
    this.filesystem = filesystem;
    this.blockSize = blockSize == 0 ? USUAL_BLOCK_SIZE : blockSize;
    this.needs = needs;
    this.now = now.getEpochSecond();
  }

  /**
   * The verdict of all quotas on a filesystem.
   *
   * <p>Refuse wins over could-not-tell, could-not-tell wins over accept. Of several quotas that
   * refuse, the first is named, space before inodes.
   *
   * @param blockSize bytes in which the filesystem gives out space; 0 = not known
   * @param needs what the message takes of each quota; a {@link Need} is the same of all
   * @param errnoName names a number of errno(3)
   */
  public static Verdict decide(
      FilesystemType type,
      FilesystemQuotas filesystem,
      int blockSize,
      Needs needs,
      Instant now,
      IntFunction<String> errnoName) {
    Rule rule = new Rule(type, filesystem, blockSize, needs, now);
    Optional<Verdict> decided = rule.refusal();
    if (decided.isEmpty()) {
      decided = rule.unknown(errnoName);
    }
    return decided.isPresent() ? decided.get() : rule.acceptance();
  }

  private Optional<Verdict> refusal() {
    for (Quota quota : filesystem.quotas()) {
      Optional<Verdict> refusal =
          quota.state() == QuotaState.ENFORCED ? refusal(quota) : Optional.empty();
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private Optional<Verdict> refusal(Quota quota) {
    Optional<Verdict> ofSpace = space(quota);
    return ofSpace.isPresent() ? ofSpace : inodes(quota);
  }

  private Optional<Verdict> unknown(IntFunction<String> errnoName) {
    for (Quota quota : filesystem.quotas()) {
      if (quota.state() == QuotaState.FAILED || quota.state() == QuotaState.UNASKED) {
        return Optional.of(new Unknown(describe(quota, errnoName)));
      }
    }
    return Optional.empty();
  }

  private String describe(Quota quota, IntFunction<String> errnoName) {
    String where = "device %d:%d".formatted(filesystem.major(), filesystem.minor());
    return quota.state() == QuotaState.UNASKED
        ? "project quota is enforced on " + where + ", and which project is not known"
        : "%s quota of id %d on %s could not be asked: %s"
            .formatted(quota.type().word(), quota.id(), where, errnoName.apply(quota.errno()));
  }

  private Verdict acceptance() {
    boolean enforced = false;
    boolean limited = false;
    for (Quota quota : filesystem.quotas()) {
      if (quota.state() == QuotaState.ENFORCED) {
        enforced = true;
        limited |= quota.space().isLimited() || quota.inodes().isLimited();
      }
    }
    if (!enforced) {
      return new Accept(Accept.Reason.NO_QUOTA);
    }
    return new Accept(limited ? Accept.Reason.ROOM : Accept.Reason.NO_LIMIT);
  }

  private Optional<Verdict> space(Quota quota) {
    Amount amount = new Amount(needs.of(quota).bytes(), blockSize);
    return refusal(quota, Resource.SPACE, quota.space(), amount);
  }

  private Optional<Verdict> inodes(Quota quota) {
    Amount amount = new Amount(needs.of(quota).inodes(), 1);
    return refusal(quota, Resource.INODES, quota.inodes(), amount);
  }

  private Optional<Verdict> refusal(
      Quota quota, Resource resource, ResourceQuota numbers, Amount amount) {
    Optional<Cause> cause = cause(numbers, amount);
    return cause.isPresent()
        ? Optional.of(refuse(quota, resource, cause.get(), numbers, amount))
        : Optional.empty();
  }

  private Optional<Cause> cause(ResourceQuota numbers, Amount amount) {
    if (amount.passes(numbers.hardLimit(), numbers.usage())) {
      return Optional.of(Cause.HARD_LIMIT);
    }
    boolean isOver = numbers.hasTimer() && type.hasExpired(numbers.graceExpiry(), now);
    boolean isSoft =
        isOver
            ? amount.passes(numbers.softLimit(), numbers.usage())
            : numbers.isWithoutGrace()
                && amount.withoutOneUnit().passes(numbers.softLimit(), numbers.usage());
    return isSoft ? Optional.of(Cause.GRACE_EXPIRED) : Optional.empty();
  }

  private static Verdict refuse(
      Quota quota, Resource resource, Cause cause, ResourceQuota numbers, Amount amount) {
    return new Refuse(quota.type(), quota.id(), resource, cause, numbers, amount.rounded());
  }
}
