// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs.fs_disk_quota;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs.fs_quota_statv;
import org.quotapolicy.kernel.Headers.linux_quota.if_dqblk;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;

class DiskQuotaTest {
  private final ByteBuffer quota =
      ByteBuffer.allocate(fs_disk_quota.SIZE).order(ByteOrder.nativeOrder());

  @Test
  void fields_allDifferent_eachInItsPlace() {
    quota.putLong(fs_disk_quota.d_bcount, 1);
    quota.putLong(fs_disk_quota.d_blk_softlimit, 2);
    quota.putLong(fs_disk_quota.d_blk_hardlimit, 3);
    quota.putInt(fs_disk_quota.d_btimer, 4);
    quota.putLong(fs_disk_quota.d_icount, 5);
    quota.putLong(fs_disk_quota.d_ino_softlimit, 6);
    quota.putLong(fs_disk_quota.d_ino_hardlimit, 7);
    quota.putInt(fs_disk_quota.d_itimer, 8);
    assertEquals(new ResourceQuota(512, 1024, 1536, 4), DiskQuota.xfsSpace(quota));
    assertEquals(new ResourceQuota(5, 6, 7, 8), DiskQuota.xfsInodes(quota));
  }

  @ParameterizedTest
  @CsvSource({
    "0x0,0x0",
    "0x1,0x200",
    "0x3fffffffffffff,0x7ffffffffffffe00",
    "0x7fffffffffffff,0xfffffffffffffe00",
    "0x80000000000000,0xffffffffffffffff",
    "0x7fffffffffffffff,0xffffffffffffffff",
    "0xffffffffffffffff,0xffffffffffffffff",
  })
  void blocks_boundaries_bytesOrTheLargestNumber(String blocks, String bytes) {
    quota.putLong(fs_disk_quota.d_blk_hardlimit, unsigned(blocks));
    quota.putLong(fs_disk_quota.d_ino_hardlimit, unsigned(blocks));
    assertEquals(unsigned(bytes), DiskQuota.xfsSpace(quota).hardLimit());
    assertEquals(unsigned(blocks), DiskQuota.xfsInodes(quota).hardLimit());
  }

  @Test
  void genericFields_allDifferent_eachInItsPlace() {
    quota.putLong(if_dqblk.dqb_curspace, 1);
    quota.putLong(if_dqblk.dqb_bsoftlimit, 2);
    quota.putLong(if_dqblk.dqb_bhardlimit, 3);
    quota.putLong(if_dqblk.dqb_btime, 1L << 33);
    quota.putLong(if_dqblk.dqb_curinodes, 5);
    quota.putLong(if_dqblk.dqb_isoftlimit, 6);
    quota.putLong(if_dqblk.dqb_ihardlimit, 7);
    quota.putLong(if_dqblk.dqb_itime, 8);
    assertEquals(new ResourceQuota(1, 2048, 3072, 1L << 33), DiskQuota.space(quota));
    assertEquals(new ResourceQuota(5, 6, 7, 8), DiskQuota.inodes(quota));
  }

  @ParameterizedTest
  @CsvSource({
    "0x0,0x0",
    "0x1,0x400",
    "0x3fffffffffffff,0xfffffffffffffc00",
    "0x40000000000000,0xffffffffffffffff",
    "0xffffffffffffffff,0xffffffffffffffff",
  })
  void kibibytes_boundaries_bytesOrTheLargestNumber(String blocks, String bytes) {
    quota.putLong(if_dqblk.dqb_bhardlimit, unsigned(blocks));
    quota.putLong(if_dqblk.dqb_bsoftlimit, unsigned(blocks));
    assertEquals(unsigned(bytes), DiskQuota.space(quota).hardLimit());
    assertEquals(unsigned(bytes), DiskQuota.space(quota).softLimit());
  }

  @ParameterizedTest
  @CsvSource({"0x3f,true", "0x7f,true", "0x0,false", "0x3d,false", "0x1f,false"})
  void generic_validBits_allNeeded(String valid, boolean whole) {
    quota.putInt(if_dqblk.dqb_valid, Integer.decode(valid));
    assertEquals(whole, DiskQuota.isWhole(quota));
  }

  private static long unsigned(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal.substring(2), 16);
  }

  @ParameterizedTest
  @CsvSource({
    "false,0,0,0",
    "false,2147483647,0,2147483647",
    "false,2147483647,1,2147483647",
    "false,-1,0,-1",
    "true,0,0,0",
    "true,2147483647,0,2147483647",
    "true,-2147483648,0,2147483648",
    "true,-1,0,4294967295",
    "true,0,1,4294967296",
    "true,-1,127,549755813887",
    "true,-1,-1,-1",
    "true,0,-128,-549755813888",
  })
  void timer_boundaries_fortyBitsIfTheFlagSaysSo(boolean big, int low, byte high, long expiry) {
    quota.putShort(
        fs_disk_quota.d_fieldmask, (short) (big ? Headers.linux_dqblk_xfs.FS_DQ_BIGTIME : 0));
    quota.putInt(fs_disk_quota.d_btimer, low).put(fs_disk_quota.d_btimer_hi, high);
    assertEquals(expiry, DiskQuota.xfsSpace(quota).graceExpiry());
    assertEquals(0, DiskQuota.xfsInodes(quota).graceExpiry());
    quota.putInt(fs_disk_quota.d_itimer, low).put(fs_disk_quota.d_itimer_hi, high);
    assertEquals(expiry, DiskQuota.xfsInodes(quota).graceExpiry());
  }

  /** The flags are those seen on real filesystems. */
  @ParameterizedTest
  @CsvSource({
    "0x00,OFF,OFF,OFF",
    "0x15,ACCOUNTED,ACCOUNTED,ACCOUNTED",
    "0x17,ENFORCED,ACCOUNTED,ACCOUNTED",
    "0x3f,ENFORCED,ENFORCED,ENFORCED",
    "0x01,ACCOUNTED,OFF,OFF",
    "0x03,ENFORCED,OFF,OFF",
    "0x0c,OFF,ENFORCED,OFF",
    "0x30,OFF,OFF,ENFORCED",
    "0x02,OFF,OFF,OFF",
  })
  void state_flagsOfTheFilesystem_oneForEachType(
      String flags, QuotaState user, QuotaState group, QuotaState project) {
    int bits = Integer.decode(flags);
    assertEquals(user, QuotaControl.state(QuotaType.USER, bits));
    assertEquals(group, QuotaControl.state(QuotaType.GROUP, bits));
    assertEquals(project, QuotaControl.state(QuotaType.PROJECT, bits));
  }

  @Test
  void type_number_isTheKernels() {
    assertEquals(Headers.linux_quota.USRQUOTA, QuotaType.USER.number());
    assertEquals(Headers.linux_quota.GRPQUOTA, QuotaType.GROUP.number());
    assertEquals(Headers.linux_quota.PRJQUOTA, QuotaType.PROJECT.number());
  }

  /** Each row: type of the filesystem, its grace periods in seconds, of space and of inodes. */
  @ParameterizedTest
  @CsvSource({
    "ext4, 0, 1, 0x10000",
    "ext4, 1, 0, 0x20000",
    "ext4, 0, 0, 0x30000",
    "ext4, 1, 1, 0",
    "ext4, -1, -1, 0",
    "tmpfs, 0, 0, 0x30000",
    "xfs, 0, 0, 0",
    "gfs2, 0, 0, 0",
  })
  void gracePeriod_ofZero_meansThatOneMayPass(
      String type, int seconds, int ofInodes, int expected) {
    ByteBuffer statv = ByteBuffer.allocate(fs_quota_statv.SIZE).order(ByteOrder.nativeOrder());
    statv.putInt(fs_quota_statv.qs_btimelimit, seconds);
    statv.putInt(fs_quota_statv.qs_itimelimit, ofInodes);
    statv.putShort(fs_quota_statv.qs_flags, (short) 0xffff);
    int flags = QuotaControl.flags(statv);
    assertEquals(0xffff, flags & 0xffff);
    Mount mount = new Mount(30, 1, 8, 17, "/", "/data", type, "/dev/sdb1", "rw");
    OpenFilesystem unasked = new OpenFilesystem(mount);
    assertEquals(expected, QuotaControl.withoutGrace(mount, unasked, QuotaType.USER, flags));
    assertEquals(0, QuotaControl.withoutGrace(mount, unasked, QuotaType.USER, -22));
  }
}
