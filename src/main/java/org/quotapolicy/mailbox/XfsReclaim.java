// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.List;
import java.util.function.Predicate;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.system.FileSpace;

/**
 * What XFS takes back from an mbox before it refuses to let anything grow.
 *
 * <p>A file that grows is given blocks beyond its end, in the hope that it grows further, and they
 * count as used. Linux 6.1 takes them back whenever a file that was written is closed; later ones
 * only the first time, and else after some minutes (xfs_file_release(), XFS_EOFBLOCKS_RELEASED).
 * But where a quota would refuse, and one of the file's has less than a hundredth of its hard limit
 * left, or none, they are taken back from all its files, and it is tried once more.
 *
 * <p>Source: xfs_blockgc_free_dquots() in fs/xfs/xfs_icache.c, xfs_dquot_lowsp() in
 * fs/xfs/xfs_dquot.h, xfs_qm_adjust_res_timer() in fs/xfs/xfs_dquot.c.
 */
final class XfsReclaim {
  private XfsReclaim() {}

  /** Bytes that a file was given beyond the block that it ends in. */
  static long beyondEnd(FileSpace.Reply.File file, int blockSize) {
    long rest = (blockSize - file.size() % blockSize) % blockSize;
    return Math.max(0, file.allocated() - file.size() - rest);
  }

  /** Whether it takes anything back from files that these quotas count. */
  static boolean happens(FilesystemQuotas filesystem, int blockSize, Predicate<Quota> counts) {
    return filesystem.quotas().stream()
        .anyMatch(
            quota ->
                quota.state() == QuotaState.ENFORCED
                    && counts.test(quota)
                    && isLow(quota.space(), blockSize));
  }

  /** The quotas afterwards. */
  static FilesystemQuotas after(FilesystemQuotas filesystem, long bytes, Predicate<Quota> counts) {
    List<Quota> quotas =
        filesystem.quotas().stream()
            .map(quota -> counts.test(quota) ? without(quota, bytes) : quota)
            .toList();
    return new FilesystemQuotas(filesystem.major(), filesystem.minor(), quotas);
  }

  private static boolean isLow(ResourceQuota space, int blockSize) {
    if (space.hardLimit() == 0 || Long.compareUnsigned(space.usage(), space.hardLimit()) > 0) {
      return space.usage() != 0;
    }
    long left = Long.divideUnsigned(space.hardLimit() - space.usage(), blockSize);
    long hundredth = Long.divideUnsigned(Long.divideUnsigned(space.hardLimit(), blockSize), 100);
    return Long.compareUnsigned(left, hundredth) < 0;
  }

  private static Quota without(Quota quota, long bytes) {
    ResourceQuota space = without(quota.space(), bytes);
    return new Quota(quota.type(), quota.id(), quota.state(), quota.errno(), space, quota.inodes());
  }

  /** A timer ends as soon as no limit is passed. */
  private static ResourceQuota without(ResourceQuota space, long bytes) {
    long usage = Long.compareUnsigned(space.usage(), bytes) < 0 ? 0 : space.usage() - bytes;
    boolean isBelow = isWithin(usage, space.softLimit()) && isWithin(usage, space.hardLimit());
    return new ResourceQuota(
        usage, space.softLimit(), space.hardLimit(), isBelow ? 0 : space.graceExpiry());
  }

  private static boolean isWithin(long usage, long limit) {
    return limit == 0 || Long.compareUnsigned(usage, limit) <= 0;
  }
}
