// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Refuse.Cause;
import org.quotapolicy.verdict.Verdict.Unknown;

class RuleTest {
  private static final long NOW = 1_700_000_000;
  private static final ResourceQuota FREE = ResourceQuota.NONE;
  private static final ResourceQuota FULL = new ResourceQuota(8192, 0, 8192, 0);
  private static final ResourceQuota ROOMY = new ResourceQuota(0, 0, 1L << 30, 0);

  /**
   * Each row: usage, hard limit, need, block size, verdict. 2^63 - 1 ends in 807, 2^64-1 in 615.
   */
  @ParameterizedTest
  @CsvSource({
    "0,                    0,                    1,                    4096, NO_LIMIT",
    "18446744073709551615, 0,                    18446744073709551615, 4096, NO_LIMIT",
    "0,                    1,                    1,                    1,    ROOM",
    "0,                    1,                    2,                    1,    HARD_LIMIT",
    "1,                    1,                    1,                    1,    HARD_LIMIT",
    "1,                    1,                    0,                    1,    ROOM",
    "2,                    1,                    0,                    1,    ROOM",
    "2,                    1,                    1,                    1,    HARD_LIMIT",
    "0,                    4096,                 1,                    4096, ROOM",
    "0,                    4096,                 4096,                 4096, ROOM",
    "0,                    4096,                 4097,                 4096, HARD_LIMIT",
    "0,                    4095,                 1,                    4096, HARD_LIMIT",
    "0,                    4095,                 4095,                 1024, HARD_LIMIT",
    "0,                    4096,                 4095,                 1024, ROOM",
    "1,                    4096,                 1,                    4096, HARD_LIMIT",
    "4096,                 8192,                 4096,                 4096, ROOM",
    "4097,                 8192,                 1,                    4096, HARD_LIMIT",
    "4097,                 8192,                 1024,                 1024, ROOM",
    "1024000,              1029120,              5000,                 4096, HARD_LIMIT",
    "1024000,              1031168,              5000,                 4096, HARD_LIMIT",
    "1024000,              1032192,              5000,                 4096, ROOM",
    "0,                    4096,                 1,                    0,    ROOM",
    "0,                    4095,                 1,                    0,    HARD_LIMIT",
    "9223372036854775806,  9223372036854775807,  1,                    1,    ROOM",
    "9223372036854775807,  9223372036854775807,  1,                    1,    HARD_LIMIT",
    "9223372036854775807,  9223372036854775808,  1,                    1,    ROOM",
    "9223372036854775808,  9223372036854775808,  1,                    1,    HARD_LIMIT",
    "9223372036854775808,  9223372036854775807,  1,                    1,    HARD_LIMIT",
    "9223372036854775808,  18446744073709551615, 9223372036854775807,  1,    ROOM",
    "9223372036854775808,  18446744073709551615, 9223372036854775808,  1,    HARD_LIMIT",
    "18446744073709551614, 18446744073709551615, 1,                    1,    ROOM",
    "18446744073709551615, 18446744073709551615, 1,                    1,    HARD_LIMIT",
    "18446744073709551615, 18446744073709551615, 0,                    1,    ROOM",
    "0,                    18446744073709551615, 18446744073709551615, 1,    ROOM",
    "1,                    18446744073709551615, 18446744073709551615, 1,    HARD_LIMIT",
    "0,                    18446744073709551615, 18446744073709551615, 4096, HARD_LIMIT",
    "0,                    18446744073709551615, 18446744073709547520, 4096, ROOM",
    "0,                    18446744073709551615, 18446744073709547521, 4096, HARD_LIMIT",
    "1,                    4096,                 18446744073709551615, 4096, HARD_LIMIT",
    "0,                    1,                    9223372036854775808,  4096, HARD_LIMIT",
  })
  void space_underHardLimit_followsTable(
      String usage, String hard, String need, int block, String expected) {
    ResourceQuota space = new ResourceQuota(number(usage), 0, number(hard), 0);
    assertEquals(expected, word(decide(block, new Need(number(need), 0), user(space, FREE))));
  }

  /** The same, and inodes are never rounded. Each row: usage, hard limit, need, verdict. */
  @ParameterizedTest
  @CsvSource({
    "0,                    0,                    1, NO_LIMIT",
    "0,                    1,                    1, ROOM",
    "1,                    1,                    1, HARD_LIMIT",
    "1,                    1,                    0, ROOM",
    "1,                    2,                    1, ROOM",
    "1,                    2,                    2, HARD_LIMIT",
    "9223372036854775807,  9223372036854775808,  1, ROOM",
    "9223372036854775808,  9223372036854775808,  1, HARD_LIMIT",
    "18446744073709551614, 18446744073709551615, 1, ROOM",
    "18446744073709551615, 18446744073709551615, 1, HARD_LIMIT",
  })
  void inodes_underHardLimit_followTable(String usage, String hard, long need, String expected) {
    ResourceQuota inodes = new ResourceQuota(number(usage), 0, number(hard), 0);
    assertEquals(expected, word(decide(4096, new Need(1, need), user(FREE, inodes))));
  }

  /** Each row: usage, soft limit, timer relative to now (empty = none runs), ext4, XFS. */
  @ParameterizedTest
  @CsvSource({
    "0,    8192,  -1, ROOM,          ROOM",
    "4096, 8192,  -1, ROOM,          ROOM",
    "4097, 8192,  -1, GRACE_EXPIRED, GRACE_EXPIRED",
    "8192, 8192,  -1, GRACE_EXPIRED, GRACE_EXPIRED",
    "8192, 8192,   0, GRACE_EXPIRED, ROOM",
    "8192, 8192,   1, ROOM,          ROOM",
    "8192, 8192,    , ROOM,          ROOM",
    "9999, 8192,  -1, GRACE_EXPIRED, GRACE_EXPIRED",
    "9999, 8192,   0, GRACE_EXPIRED, ROOM",
    "9999, 8192,   1, ROOM,          ROOM",
    "9999, 8192,    , ROOM,          ROOM",
    "9999, 0,     -1, NO_LIMIT,      NO_LIMIT",
  })
  void space_overSoftLimit_dependsOnTimer(
      long usage, long soft, Long timer, String ext4, String xfs) {
    ResourceQuota space = new ResourceQuota(usage, soft, 0, timer == null ? 0 : NOW + timer);
    Need need = new Need(4096, 1);
    assertEquals(ext4, word(decide(FilesystemType.GENERIC, 4096, need, user(space, FREE))));
    assertEquals(xfs, word(decide(FilesystemType.XFS, 4096, need, user(space, FREE))));
  }

  /** Each row: usage, soft limit, need, block size, verdict when the grace period is 0. */
  @ParameterizedTest
  @CsvSource({
    "0,    8192, 8192,  4096, ROOM",
    "0,    8192, 8193,  4096, ROOM",
    "0,    8192, 12288, 4096, ROOM",
    "0,    8192, 12289, 4096, GRACE_EXPIRED",
    "1,    8192, 8192,  4096, ROOM",
    "1,    8192, 8193,  4096, GRACE_EXPIRED",
    "8192, 8192, 0,     4096, ROOM",
    "8192, 8192, 1,     4096, ROOM",
    "8192, 8192, 4096,  4096, ROOM",
    "8192, 8192, 4097,  4096, GRACE_EXPIRED",
    "9999, 8192, 4096,  4096, ROOM",
    "9999, 8192, 4097,  4096, GRACE_EXPIRED",
    "9999, 8192, 4097,  0,    GRACE_EXPIRED",
    "9999, 0,    9999,  4096, NO_LIMIT",
    "-1,   8192, 4096,  4096, ROOM",
    "-1,   8192, -1,    4096, GRACE_EXPIRED",
    "0,    -1,   -1,    4096, ROOM",
  })
  void space_overSoftLimitWithoutGrace_letsOneBlockPass(
      long usage, long soft, long need, int block, String expected) {
    ResourceQuota space = new ResourceQuota(usage, soft, 0, 0).withoutGrace(true);
    assertEquals(expected, word(decide(block, new Need(need, 1), user(space, FREE))));
  }

  @ParameterizedTest
  @CsvSource({"9, ROOM", "10, ROOM", "11, ROOM"})
  void inodes_overSoftLimitWithoutGrace_letOnePass(long usage, String expected) {
    ResourceQuota inodes = new ResourceQuota(usage, 10, 0, 0).withoutGrace(true);
    assertEquals(expected, word(decide(4096, new Need(1, 1), user(FREE, inodes))));
  }

  @Test
  void timerThatRuns_withoutGrace_isKept() {
    ResourceQuota running = new ResourceQuota(9999, 8192, 0, NOW + 1);
    assertEquals(running, running.withoutGrace(true));
    assertTrue(running.hasTimer());
  }

  @ParameterizedTest
  @CsvSource({"-1, GRACE_EXPIRED, GRACE_EXPIRED", "0, GRACE_EXPIRED, ROOM", "1, ROOM, ROOM"})
  void inodes_overSoftLimit_dependOnTimer(long timer, String ext4, String xfs) {
    ResourceQuota inodes = new ResourceQuota(10, 10, 0, NOW + timer);
    Need need = new Need(1, 1);
    assertEquals(ext4, word(decide(FilesystemType.GENERIC, 4096, need, user(FREE, inodes))));
    assertEquals(xfs, word(decide(FilesystemType.XFS, 4096, need, user(FREE, inodes))));
  }

  @Test
  void timer_partOfSecondAfter_isNotYetOverOnXfs() {
    Quota quota = user(new ResourceQuota(8192, 8192, 0, NOW), FREE);
    Instant late = Instant.ofEpochSecond(NOW, 999_999_999);
    assertEquals("ROOM", word(decide(FilesystemType.XFS, 4096, Need.ofMessage(1), late, quota)));
  }

  @Test
  void hardAndSoft_bothBind_hardIsNamed() {
    ResourceQuota space = new ResourceQuota(8192, 4096, 8192, NOW - 1);
    assertEquals(
        new Refuse(QuotaType.USER, 1000, Resource.SPACE, Cause.HARD_LIMIT, space, 4096),
        decide(4096, Need.ofMessage(0), user(space, FREE)));
  }

  @Test
  void inodes_graceExpired_doesNotStopSpace() {
    ResourceQuota inodes = new ResourceQuota(10, 10, 0, NOW - 1);
    assertEquals("ROOM", word(decide(4096, new Need(4096, 0), user(FREE, inodes))));
  }

  @Test
  void spaceAndInodes_bothFull_spaceIsNamed() {
    ResourceQuota inodes = new ResourceQuota(10, 0, 10, 0);
    assertEquals(
        Resource.SPACE, refusal(decide(4096, Need.ofMessage(1), user(FULL, inodes))).resource());
  }

  @Test
  void inodes_full_areNamedWithTheirNumbers() {
    ResourceQuota inodes = new ResourceQuota(10, 0, 10, 0);
    assertEquals(
        new Refuse(QuotaType.USER, 1000, Resource.INODES, Cause.HARD_LIMIT, inodes, 1),
        decide(4096, Need.ofMessage(1), user(ROOMY, inodes)));
  }

  @Test
  void group_full_refusesUserWithRoom() {
    Quota group = new Quota(QuotaType.GROUP, 4294967294L, QuotaState.ENFORCED, 0, FULL, FREE);
    assertEquals(
        new Refuse(QuotaType.GROUP, 4294967294L, Resource.SPACE, Cause.HARD_LIMIT, FULL, 8192),
        decide(4096, Need.ofMessage(4097), user(ROOMY, FREE), group));
  }

  @Test
  void userAndGroup_bothFull_firstIsNamed() {
    Quota group = new Quota(QuotaType.GROUP, 100, QuotaState.ENFORCED, 0, FULL, FREE);
    Verdict verdict = decide(4096, Need.ofMessage(1), user(FULL, FREE), group);
    assertEquals(QuotaType.USER, refusal(verdict).type());
  }

  @ParameterizedTest
  @CsvSource({
    "OFF,       OFF,       NO_QUOTA",
    "ACCOUNTED, ACCOUNTED, NO_QUOTA",
    "ACCOUNTED, OFF,       NO_QUOTA",
    "ENFORCED,  OFF,       HARD_LIMIT",
    "OFF,       ENFORCED,  HARD_LIMIT",
    "ENFORCED,  FAILED,    HARD_LIMIT",
    "FAILED,    ENFORCED,  HARD_LIMIT",
    "FAILED,    OFF,       unknown",
    "ACCOUNTED, FAILED,    unknown",
    "FAILED,    FAILED,    unknown",
  })
  void full_inState_bindsOnlyIfEnforced(QuotaState first, QuotaState second, String expected) {
    Quota user = new Quota(QuotaType.USER, 1, first, 5, FULL, FULL);
    Quota group = new Quota(QuotaType.GROUP, 1, second, 5, FULL, FULL);
    assertEquals(expected, word(decide(4096, Need.ofMessage(1), user, group)));
  }

  @ParameterizedTest
  @CsvSource({"ENFORCED, unknown", "ACCOUNTED, unknown", "OFF, unknown"})
  void failedBesideRoom_isUnknown(QuotaState other, String expected) {
    Quota user = new Quota(QuotaType.USER, 1, other, 0, ROOMY, FREE);
    Quota group = Quota.failed(QuotaType.GROUP, 1, 5);
    assertEquals(expected, word(decide(4096, Need.ofMessage(1), user, group)));
  }

  @Test
  void failed_reason_namesQuotaDeviceAndError() {
    assertEquals(
        new Unknown("group quota of id 100 on device 8:17 could not be asked: E5"),
        decide(4096, Need.ofMessage(1), Quota.failed(QuotaType.GROUP, 100, 5)));
  }

  @Test
  void unlimitedBesideLimited_isRoom() {
    Quota group = new Quota(QuotaType.GROUP, 1, QuotaState.ENFORCED, 0, FREE, FREE);
    assertEquals("ROOM", word(decide(4096, Need.ofMessage(1), group, user(FREE, ROOMY))));
    assertEquals("NO_LIMIT", word(decide(4096, Need.ofMessage(1), group, user(FREE, FREE))));
  }

  @Test
  void noQuotas_isNoQuota() {
    assertEquals(new Accept(Accept.Reason.NO_QUOTA), decide(4096, Need.ofMessage(1)));
  }

  @Test
  void message_undeclared_countsAsOneByte() {
    assertEquals(new Need(1025, 1), Need.ofMessage(0));
    assertEquals(new Need(1025, 1), Need.ofMessage(1));
    assertEquals(new Need(4096, 1), Need.ofMessage(3072));
    assertEquals(new Need(-1, 1), Need.ofMessage(-1));
  }

  @ParameterizedTest
  @CsvSource({
    "xfs, XFS",
    "ext4, GENERIC",
    "ext3, EXT2",
    "ext2, EXT2",
    "tmpfs, GENERIC",
    "XFS, GENERIC"
  })
  void filesystemType_ofName_isExact(String name, FilesystemType expected) {
    assertEquals(expected, FilesystemType.of(name));
  }

  /** Each row: block size, blocks of a file, those that list them: 12 are listed in its inode. */
  @ParameterizedTest
  @CsvSource({
    "1024, 0,     0",
    "1024, 12,    0",
    "1024, 13,    1",
    "1024, 268,   1",
    "1024, 269,   3", // the double indirect one, and the first that it lists
    "1024, 524,   3",
    "1024, 525,   4",
    "1024, 65804, 258",
    "1024, 65805, 261",
    "4096, 1036,  1",
    "4096, 1037,  3",
  })
  void mapBytes_ofAFileInBlocks_areThoseOfExt2(int block, long blocks, long expected) {
    long size = blocks * block;
    assertEquals(expected * block, FilesystemType.EXT2.mapBytes(0, size, block));
    assertEquals(0, FilesystemType.GENERIC.mapBytes(0, size, block));
    long before = FilesystemType.EXT2.mapBytes(0, 13L * block, block);
    assertEquals(expected * block - before, FilesystemType.EXT2.mapBytes(13L * block, size, block));
  }

  @Test
  void mapBytes_ofTheLargestSize_isNotNegative() {
    assertTrue(FilesystemType.EXT2.mapBytes(0, -1, 1024) > 0);
  }

  private static Quota user(ResourceQuota space, ResourceQuota inodes) {
    return new Quota(QuotaType.USER, 1000, QuotaState.ENFORCED, 0, space, inodes);
  }

  private static Verdict decide(int block, Need need, Quota... quotas) {
    return decide(FilesystemType.GENERIC, block, need, quotas);
  }

  private static Verdict decide(FilesystemType type, int block, Need need, Quota... quotas) {
    return decide(type, block, need, Instant.ofEpochSecond(NOW), quotas);
  }

  private static Verdict decide(
      FilesystemType type, int block, Need need, Instant now, Quota... quotas) {
    FilesystemQuotas filesystem = new FilesystemQuotas(8, 17, List.of(quotas));
    return Rule.decide(type, filesystem, block, need, now, errno -> "E" + errno);
  }

  private static Refuse refusal(Verdict verdict) {
    return (Refuse) verdict;
  }

  private static long number(String unsigned) {
    return Long.parseUnsignedLong(unsigned);
  }

  /** One word for what a verdict says. */
  static String word(Verdict verdict) {
    if (verdict instanceof Accept accept) {
      return accept.reason().name();
    }
    return verdict instanceof Refuse refuse ? refuse.cause().name() : "unknown";
  }
}
