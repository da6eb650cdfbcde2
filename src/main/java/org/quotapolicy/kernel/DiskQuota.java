// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.quotapolicy.kernel.Headers.linux_dqblk_xfs.FS_DQ_BIGTIME;
import static org.quotapolicy.kernel.Headers.linux_quota.QIF_ALL;

import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs.fs_disk_quota;
import org.quotapolicy.kernel.Headers.linux_quota.if_dqblk;
import org.quotapolicy.quota.ResourceQuota;

/**
 * Reads what the kernel fills in: for Q_GETQUOTA a struct if_dqblk, for Q_XGETQUOTA a struct
 * fs_disk_quota. Source: linux/quota.h, linux/dqblk_xfs.h.
 *
 * <p>Bytes that would not fit into 64 bits become the largest number that does.
 */
final class DiskQuota {
  private static final int KIBIBYTE_SHIFT = 10;
  private static final int XFS_SHIFT = 9;
  private static final long UNSIGNED_MAX = -1;

  private DiskQuota() {}

  /** Whether struct if_dqblk holds all of its numbers. */
  static boolean isWhole(ByteBuffer quota) {
    return (quota.getInt(if_dqblk.dqb_valid) & QIF_ALL) == QIF_ALL;
  }

  /** In bytes, of struct if_dqblk. */
  static ResourceQuota space(ByteBuffer quota) {
    return new ResourceQuota(
        quota.getLong(if_dqblk.dqb_curspace),
        bytes(quota.getLong(if_dqblk.dqb_bsoftlimit), KIBIBYTE_SHIFT),
        bytes(quota.getLong(if_dqblk.dqb_bhardlimit), KIBIBYTE_SHIFT),
        quota.getLong(if_dqblk.dqb_btime));
  }

  /** In inodes, of struct if_dqblk. */
  static ResourceQuota inodes(ByteBuffer quota) {
    return new ResourceQuota(
        quota.getLong(if_dqblk.dqb_curinodes),
        quota.getLong(if_dqblk.dqb_isoftlimit),
        quota.getLong(if_dqblk.dqb_ihardlimit),
        quota.getLong(if_dqblk.dqb_itime));
  }

  /** In bytes, of struct fs_disk_quota. */
  static ResourceQuota xfsSpace(ByteBuffer quota) {
    return new ResourceQuota(
        bytes(quota.getLong(fs_disk_quota.d_bcount), XFS_SHIFT),
        bytes(quota.getLong(fs_disk_quota.d_blk_softlimit), XFS_SHIFT),
        bytes(quota.getLong(fs_disk_quota.d_blk_hardlimit), XFS_SHIFT),
        timer(quota, fs_disk_quota.d_btimer, fs_disk_quota.d_btimer_hi));
  }

  /** In inodes, of struct fs_disk_quota. */
  static ResourceQuota xfsInodes(ByteBuffer quota) {
    return new ResourceQuota(
        quota.getLong(fs_disk_quota.d_icount),
        quota.getLong(fs_disk_quota.d_ino_softlimit),
        quota.getLong(fs_disk_quota.d_ino_hardlimit),
        timer(quota, fs_disk_quota.d_itimer, fs_disk_quota.d_itimer_hi));
  }

  private static long bytes(long blocks, int shift) {
    return blocks >>> (Long.SIZE - shift) == 0 ? blocks << shift : UNSIGNED_MAX;
  }

  /** A signed number of 40 bits since Linux 5.10, of 32 before. */
  private static long timer(ByteBuffer quota, int low, int high) {
    long seconds = quota.getInt(low);
    if ((quota.getShort(fs_disk_quota.d_fieldmask) & FS_DQ_BIGTIME) == 0) {
      return seconds;
    }
    return ((long) quota.get(high) << Integer.SIZE) | (seconds & 0xffff_ffffL);
  }
}
