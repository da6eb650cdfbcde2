// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.quotapolicy.kernel.Headers.linux_dqblk_xfs.FS_DQ_BIGTIME;

import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs.fs_disk_quota;
import org.quotapolicy.quota.ResourceQuota;

/** Reads a struct fs_disk_quota, which Q_XGETQUOTA fills. Source: linux/dqblk_xfs.h. */
final class DiskQuota {
  /** Blocks here have 512 bytes on any filesystem. */
  private static final int BLOCK_SHIFT = 9;

  private static final long UNSIGNED_MAX = -1;

  private DiskQuota() {}

  /** In bytes; what would not fit into 64 bits becomes the largest number that does. */
  static ResourceQuota space(ByteBuffer quota) {
    return new ResourceQuota(
        bytes(quota.getLong(fs_disk_quota.d_bcount)),
        bytes(quota.getLong(fs_disk_quota.d_blk_softlimit)),
        bytes(quota.getLong(fs_disk_quota.d_blk_hardlimit)),
        timer(quota, fs_disk_quota.d_btimer, fs_disk_quota.d_btimer_hi));
  }

  /** In inodes. */
  static ResourceQuota inodes(ByteBuffer quota) {
    return new ResourceQuota(
        quota.getLong(fs_disk_quota.d_icount),
        quota.getLong(fs_disk_quota.d_ino_softlimit),
        quota.getLong(fs_disk_quota.d_ino_hardlimit),
        timer(quota, fs_disk_quota.d_itimer, fs_disk_quota.d_itimer_hi));
  }

  private static long bytes(long blocks) {
    return blocks >>> (Long.SIZE - BLOCK_SHIFT) == 0 ? blocks << BLOCK_SHIFT : UNSIGNED_MAX;
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
