// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;
import org.quotapolicy.lab.Stores.Usage;

/**
 * Named corners of the kernel's rule, each judged by the daemon and then tried.
 *
 * <p>Limits are relative to the usage: a number of KiB or of inodes more, {@code -} none, {@code
 * =N} an absolute number. Timers are in seconds from now. Of {@code store0} and {@code store1}, who
 * share a group, the first is asked about.
 */
class CornerCases {
  private static final long KIB = 1024;
  private static final StoreUser USER = StoreUser.ALL.get(0);
  private static final StoreUser SAME_GROUP = StoreUser.ALL.get(1);
  private static final long FILL = 512 * KIB;

  private static Daemon daemon;
  private static Policy policy;
  private static Stores stores;
  private static @Nullable StoreDisk disk;

  @BeforeAll
  static void start() {
    StoreUser.addAll();
    stores = new Stores();
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
    policy = new Policy();
  }

  @AfterAll
  static void stop() {
    if (disk != null) {
      disk.close();
    }
    policy.close();
    daemon.close();
    stores.close();
  }

  /** Limits of space in KiB above the usage; size in bytes, 1,024 more are written. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          EXT4, hard limit reached exactly,                    0,  8,   -,     -, 7168, ACCEPT
          EXT4, hard limit passed by a byte,                   0,  8,   -,     -, 7169, REFUSE
          EXT4, hard limit within a block counts as below it,  0, 11,   -,     -, 7169, REFUSE
          EXT4, hard limit within a block lets whole ones in,  0, 11,   -,     -, 7168, ACCEPT
          EXT4, hard limit lowered below usage,                0, -8,   -,     -,    0, REFUSE
          EXT4, hard limit of half a KiB,                      0, =1,   -,     -,    0, REFUSE
          EXT4, hard limit of many TiB,                        0, =9e9, -,     -, 9999, ACCEPT
          EXT4, no limit at all,                               0,  -,   -,     -, 9999, ACCEPT
          EXT4, soft limit passed by this message,             0,  -,   0,     -, 9999, ACCEPT
          EXT4, soft limit passed and no timer yet,            0,  -, -16,     0,    0, ACCEPT
          EXT4, soft limit in grace,                           0,  -, -16,  3600,    0, ACCEPT
          EXT4, soft limit with grace over,                    0,  -, -16,   -10,    0, REFUSE
          EXT4, soft limit in grace and hard one reached,      0,  4, -16,  3600, 4096, REFUSE
          EXT4, soft limit reached and not passed,             0,  -,   0,   -10,    0, ACCEPT
          EXT4, soft limit above the hard one,                 0,  4, 100,     -, 4096, REFUSE
          EXT4, group full,                                    1,  0,   -,     -,    0, REFUSE
          EXT4, group with room for one block,                 1,  4,   -,     -, 3072, ACCEPT
          EXT4, group with grace over,                         1,  -, -16,   -10,    0, REFUSE
          EXT4_USER_ONLY, user full,                           0,  0,   -,     -,    0, REFUSE
          EXT4_GROUP_ONLY, group full,                         1,  0,   -,     -,    0, REFUSE
          EXT4_1K, two small blocks fit,                       0,  2,   -,     -, 1024, ACCEPT
          EXT4_1K, three small blocks do not,                  0,  2,   -,     -, 1025, REFUSE
          EXT4_VFSV0, hard limit reached exactly,              0,  8,   -,     -, 7168, ACCEPT
          EXT4_VFSV0, hard limit passed by a byte,             0,  8,   -,     -, 7169, REFUSE
          EXT4_VFSV1, hard limit reached exactly,              0,  8,   -,     -, 7168, ACCEPT
          EXT4_VFSV1, soft limit with grace over,              0,  -, -16,   -10,    0, REFUSE
          EXT4_ACCOUNTED, limits that bind nobody,             0, -8, -16,   -10, 9999, ACCEPT
          EXT3, twelve blocks are listed in the inode,         0, 48,  -,     -, 48128, ACCEPT
          EXT3, the thirteenth takes another to list it,       0, 52,  -,     -, 48129, REFUSE
          EXT3, room for that one too,                         0, 56,  -,     -, 48129, ACCEPT
          EXT3, soft limit with grace over,                    0,  -, 52,   -10, 48129, ACCEPT
          EXT2_1K, double indirect blocks,                     0, 271, -,     -, 273409, REFUSE
          EXT2_1K, room for these,                             0, 272, -,     -, 273409, ACCEPT
          XFS_USER_AND_GROUP, room for the reserve only,       0, 188,  -,     -,    0, ACCEPT
          XFS_USER_AND_GROUP, less room than the reserve,      0, 184,  -,     -,    0, REFUSE
          XFS_USER_AND_GROUP, limit is rounded up to a block,  0, 185,  -,     -,    0, ACCEPT
          XFS_USER_AND_GROUP, message larger than the reserve, 0, 200,  -,     -, 203776, ACCEPT
          XFS_USER_AND_GROUP, message a byte too large,        0, 200,  -,     -, 203777, REFUSE
          XFS_USER_AND_GROUP, soft limit with grace over,      0,  -, -16,   -10,    0, REFUSE
          XFS_USER_AND_GROUP, soft limit in grace,             0,  -, -16,  3600,    0, ACCEPT
          XFS_USER_AND_GROUP, group without the reserve,       1, 184,  -,     -,    0, REFUSE
          XFS_HALF_ENFORCED, user whose limit binds nobody,    0, -8,   -,     -,    0, ACCEPT
          XFS_HALF_ENFORCED, group full,                       1,  0,   -,     -,    0, REFUSE
          XFS_ACCOUNTED, limits that bind nobody,              0, -8,   -,     -,    0, ACCEPT
          XFS_DIRECTORY_8K, larger reserve,                    0, 216,  -,     -,    0, ACCEPT
          XFS_DIRECTORY_8K, less room than that,               0, 212,  -,     -,    0, REFUSE
          XFS_LARGE, larger reserve,                           0, 204,  -,     -,    0, ACCEPT
          XFS_LARGE, less room than that,                      0, 200,  -,     -,    0, REFUSE
          EXT4_PROJECT, project with room for one block,       2,  4,   -,     -, 3072, ACCEPT
          EXT4_PROJECT, project full,                          2,  0,   -,     -,    0, REFUSE
          EXT4_PROJECT, project with grace over,               2,  -, -16,   -10,    0, REFUSE
          EXT4_PROJECT, project in grace,                      2,  -, -16,  3600,    0, ACCEPT
          EXT4_PROJECT, user full and project not,             0,  0,   -,     -,    0, REFUSE
          EXT4_PROJECT_LISTED, project full,                   2,  0,   -,     -,    0, REFUSE
          EXT4_PROJECT_ZERO, project 0 is held to its limit,   2,  0,   -,     -,    0, REFUSE
          EXT4_PROJECT_ACCOUNTED, limits that bind nobody,     2, -8,   -,     -,    0, ACCEPT
          XFS_PROJECT, project with the reserve,               2, 188,  -,     -,    0, ACCEPT
          XFS_PROJECT, project without the reserve,            2, 184,  -,     -,    0, REFUSE
          XFS_PROJECT, project with grace over,                2,  -, -16,   -10,    0, REFUSE
          XFS_PROJECT_OPEN, project without the reserve,       2, 184,  -,     -,    0, REFUSE
          XFS_PROJECT_ZERO, project 0 is held to nothing,      2,  0,   -,     -,    0, ACCEPT
          XFS_PROJECT_ACCOUNTED, limits that bind nobody,      2, -8,   -,     -,    0, ACCEPT
          """)
  void space_atACorner_isJudgedAsTheKernelDoes(
      Kind kind,
      String name,
      int type,
      String hard,
      String soft,
      String timer,
      long size,
      Verdict expected) {
    prepare(kind);
    long used = usage(type).space();
    limit(type, new Limits(units(used, soft), units(used, hard), 0, 0, timer, "-"));
    assertJudged(name, size, expected);
  }

  /** Limits of inodes above the usage. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          EXT4, last inode,                                    0, 1,  -,    -, ACCEPT
          EXT4, no inode left,                                 0, 0,  -,    -, REFUSE
          EXT4, inodes in grace,                               0, -, -1, 3600, ACCEPT
          EXT4, inodes with grace over,                        0, -, -1,  -10, REFUSE
          EXT4, group without an inode,                        1, 0,  -,    -, REFUSE
          XFS_USER_AND_GROUP, last inode,                      0, 1,  -,    -, ACCEPT
          XFS_USER_AND_GROUP, no inode left,                   0, 0,  -,    -, REFUSE
          XFS_USER_AND_GROUP, inodes with grace over,          0, -, -1,  -10, REFUSE
          XFS_GROUP_ONLY, group without an inode,              1, 0,  -,    -, REFUSE
          EXT4_PROJECT, project without an inode,              2, 0,  -,    -, REFUSE
          XFS_PROJECT, project without an inode,               2, 0,  -,    -, REFUSE
          """)
  void inodes_atACorner_areJudgedAsTheKernelDoes(
      Kind kind, String name, int type, String hard, String soft, String timer, Verdict expected) {
    prepare(kind);
    long used = usage(type).inodes();
    limit(type, new Limits(0, 0, inodes(used, soft), inodes(used, hard), "-", timer));
    assertJudged(name, 0, expected);
  }

  /** Whoever has no limits of his own has those of id 0. */
  @ParameterizedTest
  @CsvSource({
    "0, 100, 0, REFUSE",
    "0, 2000, 0, ACCEPT",
    "100, 2000, 0, REFUSE",
    "2000, 100, 0, ACCEPT"
  })
  void xfsDefault_andOwnLimit_areJudgedAsTheKernelDoes(
      long own, long defaults, long size, Verdict expected) {
    prepare(Kind.XFS_USER_AND_GROUP);
    stores.limit(device(), StoreDisk.USER, 0, Limits.hardSpace(defaults * KIB));
    try {
      limit(StoreDisk.USER, Limits.hardSpace(own * KIB));
      assertJudged("default " + defaults + " KiB, own " + own, size, expected);
    } finally {
      stores.limit(device(), StoreDisk.USER, 0, Limits.NONE);
    }
  }

  /** XFS counts a removed file for a while; the kernel waits for that before it refuses. */
  @ParameterizedTest
  @CsvSource({"XFS_USER_AND_GROUP, 4", "XFS_USER_AND_GROUP, 100", "EXT4, 4"})
  void file_removedAMomentAgo_isNotCounted(Kind kind, int mib) {
    prepare(kind);
    String large = USER.home() + "/large";
    for (int i = 0; i < 10; i++) {
      limit(StoreDisk.USER, Limits.NONE);
      stores.fill(large, mib * KIB * KIB, USER);
      Usage usage = usage(StoreDisk.USER);
      limit(
          StoreDisk.USER,
          i % 2 == 0
              ? Limits.hardSpace(usage.space())
              : new Limits(0, 0, 0, usage.inodes(), "-", "-"));
      assertEquals(Verdict.REFUSE, policy.ask(USER.name(), 0).verdict());
      stores.remove(large);
      assertJudged("removed, " + (i % 2 == 0 ? "space" : "inodes"), 0, Verdict.ACCEPT);
    }
  }

  /**
   * With a grace period of 0 one block passes the soft limit, and the next does not. Columns as
   * with space above, without a hard limit.
   */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          EXT4, one block passes,                              0,   0, 0,    3072, ACCEPT
          EXT4, the second does not,                           0,   0, 0,    3073, REFUSE
          EXT4, it may be the last of several,                 0,   4, 0,    7168, ACCEPT
          EXT4, and must be,                                   0,   4, 0,    7169, REFUSE
          EXT4, no block passes,                               0,   8, 0,    7168, ACCEPT
          EXT4, passed before and no timer yet,                0, -16, 0,    3072, ACCEPT
          EXT4, passed before and a block too many,            0, -16, 0,    3073, REFUSE
          EXT4, timer that was started before,                 0, -16, 3600, 9999, ACCEPT
          EXT4, timer started when the limit was set,          0, -16, -,       0, REFUSE
          EXT4, one block of the group passes,                 1,   0, 0,    3072, ACCEPT
          EXT4, the second of the group does not,              1,   0, 0,    3073, REFUSE
          EXT4_GROUP_ONLY, one block of the group passes,      1,   0, 0,    3072, ACCEPT
          EXT4_GROUP_ONLY, the second of the group does not,   1,   0, 0,    3073, REFUSE
          EXT4_1K, one small block passes,                     0,   1, 0,       0, ACCEPT
          EXT4_1K, the second does not,                        0,   0, 0,       0, REFUSE
          EXT4_VFSV0, one block passes,                        0,   0, 0,    3072, ACCEPT
          EXT4_VFSV0, the second does not,                     0,   0, 0,    3073, REFUSE
          EXT4_VFSV1, the second does not,                     1,   0, 0,    3073, REFUSE
          EXT4_JOURNALED, one block passes,                    0,   0, 0,    3072, ACCEPT
          EXT4_JOURNALED, the second does not,                 0,   0, 0,    3073, REFUSE
          EXT4_ACCOUNTED, a limit that binds nobody,           0, -16, 0,    9999, ACCEPT
          EXT4_PROJECT, one block of the project passes,       2,   0, 0,    3072, ACCEPT
          EXT4_PROJECT, the second of the project does not,    2,   0, 0,    3073, REFUSE
          EXT4_PROJECT_ZERO, one block of project 0 passes,    2,   0, -,    3072, ACCEPT
          EXT4_PROJECT_ZERO, the second of it does not,        2,   0, -,    3073, REFUSE
          EXT3, a block that lists others may be before it,    0,  52, 0,   48129, ACCEPT
          EXT3, and counts,                                    0,  48, 0,   48129, REFUSE
          EXT2_1K, double indirect blocks may be before it,    0, 271, 0,  273409, ACCEPT
          EXT2_1K, and count,                                  0, 268, 0,  273409, REFUSE
          XFS_USER_AND_GROUP, all that is written at once,     0,   0, 0,    9999, ACCEPT
          XFS_PROJECT, all that is written at once,            2,   0, 0,    9999, ACCEPT
          """)
  void gracePeriod_ofZero_letsOneBlockPass(
      Kind kind, String name, int type, String soft, String timer, long size, Verdict expected) {
    prepare(kind);
    stores.grace(device(), type, 0, 0);
    try {
      limit(type, new Limits(units(usage(type).space(), soft), 0, 0, 0, timer, "-"));
      assertJudged(name, size, expected);
    } finally {
      stores.grace(device(), type, 604_800, 604_800);
    }
  }

  @ParameterizedTest
  @CsvSource({"EXT4, 0, 0, ACCEPT", "EXT4, 1, -1, ACCEPT", "EXT4_PROJECT, 2, 0, ACCEPT"})
  void gracePeriod_ofZero_letsOneInodePass(Kind kind, int type, long soft, Verdict expected) {
    prepare(kind);
    stores.grace(device(), type, 0, 0);
    try {
      limit(type, new Limits(0, 0, usage(type).inodes() + soft, 0, "-", "0"));
      assertJudged("inodes of type " + type, 9999, expected);
    } finally {
      stores.grace(device(), type, 604_800, 604_800);
    }
  }

  private static void prepare(Kind kind) {
    StoreDisk before = disk;
    disk = StoreDisk.ofKind(kind, before);
    if (disk != before) {
      stores.fill(SAME_GROUP.home() + "/fill", FILL, SAME_GROUP);
      stores.fill(USER.home() + "/fill", FILL, USER);
    }
    for (int type : kind.types()) {
      limit(type, Limits.NONE);
    }
  }

  private static void assertJudged(String name, long size, Verdict expected) {
    assertEquals(expected, policy.ask(USER.name(), size).verdict(), name + ": the daemon");
    long stored = Math.max(size, 1) + Kernel.ADDED_BY_DELIVERY;
    boolean fits =
        stores.letsStore(USER.home() + "/tmp", stored, 4096, USER, Objects.requireNonNull(disk));
    assertEquals(expected == Verdict.ACCEPT, fits, name + ": whether the kernel let it be stored");
  }

  private static Usage usage(int type) {
    return stores.usage(device(), type, id(type));
  }

  private static void limit(int type, Limits limits) {
    stores.limit(device(), type, id(type), limits);
  }

  private static long id(int type) {
    return Objects.requireNonNull(disk).kind().id(type, USER);
  }

  private static String device() {
    return Objects.requireNonNull(disk).device();
  }

  private static long units(long used, String limit) {
    if (limit.equals("-")) {
      return 0;
    }
    return limit.startsWith("=")
        ? (long) Double.parseDouble(limit.substring(1))
        : (used + Long.parseLong(limit) * KIB) / 512;
  }

  private static long inodes(long used, String limit) {
    return limit.equals("-") ? 0 : used + Long.parseLong(limit);
  }
}
