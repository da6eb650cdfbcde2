// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.grack.nanojson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;

/**
 * Quotas of tmpfs, of Linux 6.6 and later: each message is judged by the daemon and then stored.
 *
 * <p>Needs a kernel that the package of the lab does not have: src/test/lab/kernel builds one.
 */
@Tag(LabMain.OWN_GUEST)
class TmpfsQuotas extends WithTrials {
  private static final int ROUNDS = Integer.getInteger("lab.rounds", 12);
  private static final List<Kind> KINDS =
      List.of(Kind.values()).stream().filter(Kind::isTmpfs).toList();
  private static final long KIB = 1024;
  private static final StoreUser USER = StoreUser.ALL.get(0);

  /** Owns nothing there but what a test gives him, and shares no group. */
  private static final StoreUser OTHER = StoreUser.ALL.get(2);

  static IntStream rounds() {
    return IntStream.range(0, ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void message_atRandom_isJudgedAsTheKernelDoes(int number) {
    trials.run(KINDS.get(number % KINDS.size()), number);
  }

  /** Limits of space in KiB above the usage, - = none; period and timer in seconds. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          hard limit reached exactly,                    0,  8,   -, 604800,    0, 7168, ACCEPT
          hard limit passed by a byte,                   0,  8,   -, 604800,    0, 7169, REFUSE
          hard limit within a page counts as below it,   0, 11,   -, 604800,    0, 7169, REFUSE
          group full,                                    1,  0,   -, 604800,    0,    0, REFUSE
          group with room for one page,                  1,  4,   -, 604800,    0, 3072, ACCEPT
          soft limit passed by this message,             0,  -,   0, 604800,    0, 9999, ACCEPT
          soft limit in grace,                           0,  -, -16, 604800, 3600, 9999, ACCEPT
          soft limit with grace over,                    0,  -, -16, 604800,  -10,    0, REFUSE
          group with grace over,                         1,  -, -16, 604800,  -10,    0, REFUSE
          one page passes if there is no grace,          0,  -,   0,      0,    0, 3072, ACCEPT
          the second does not,                           0,  -,   0,      0,    0, 3073, REFUSE
          one page of the group,                         1,  -,   0,      0,    0, 3072, ACCEPT
          the second of the group does not,              1,  -,   0,      0,    0, 3073, REFUSE
          no limit at all,                               0,  -,   -, 604800,    0, 9999, ACCEPT
          """)
  void space_atACorner_isJudgedAsTheKernelDoes(
      String name,
      int type,
      String hard,
      String soft,
      long period,
      String timer,
      long size,
      Verdict expected) {
    try (StoreDisk disk = StoreDisk.make(Kind.TMPFS_USER_AND_GROUP)) {
      stores().fill(USER.home() + "/fill", 64 * KIB, USER);
      stores().grace(disk.device(), type, period, period);
      long used = stores().usage(disk.device(), type, disk.kind().id(type, USER)).space();
      Limits limits = new Limits(units(used, soft), units(used, hard), 0, 0, timer, "-");
      stores().limit(disk.device(), type, disk.kind().id(type, USER), limits);
      assertJudged(name, USER, disk, size, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1, ACCEPT", "0, 0, REFUSE", "1, 1, ACCEPT", "1, 0, REFUSE"})
  void inodes_atACorner_areJudgedAsTheKernelDoes(int type, long left, Verdict expected) {
    try (StoreDisk disk = StoreDisk.make(Kind.TMPFS_USER_AND_GROUP)) {
      long id = disk.kind().id(type, USER);
      long used = stores().usage(disk.device(), type, id).inodes();
      stores().limit(disk.device(), type, id, new Limits(0, 0, 0, used + left, "-", "-"));
      assertJudged("inodes left: " + left, USER, disk, 0, expected);
    }
  }

  /** A directory takes an inode and no page. */
  @Test
  void directories_takeInodesOnly() {
    try (StoreDisk disk = StoreDisk.make(Kind.TMPFS_USER_AND_GROUP)) {
      assertEquals(
          new Stores.Usage(0, 2), stores().usage(disk.device(), StoreDisk.USER, OTHER.uid()));
    }
  }

  /** Who has no limits of his own has those of the mount, also before he owns anything. */
  @ParameterizedTest
  @CsvSource({
    "false, 261120, ACCEPT",
    "false, 261121, REFUSE",
    "true,  261120, ACCEPT",
    "true,  261121, REFUSE",
  })
  void limitsOfTheMount_bindEverybody(boolean ownsNothing, long size, Verdict expected) {
    try (StoreDisk disk = StoreDisk.make(Kind.TMPFS_DEFAULTS)) {
      if (ownsNothing) {
        Guest.must("cd %1$s && chown -R 0:0 . && chmod 0777 . tmp".formatted(OTHER.home()));
      }
      assertJudged("limits of the mount", OTHER, disk, size, expected);
    }
  }

  @Test
  void report_listsIdsOfTmpfs() {
    try (StoreDisk disk = StoreDisk.make(Kind.TMPFS_USER_AND_GROUP)) {
      stores().fill(USER.home() + "/fill", 64 * KIB, USER);
      stores().grace(disk.device(), StoreDisk.USER, 0, 0);
      Limits soft = new Limits(64 * KIB / 512, 0, 0, 0, "0", "-");
      stores().limit(disk.device(), StoreDisk.USER, USER.uid(), soft);
      String report = Guest.sh("quotapolicy report --size 9999 " + disk.device()).out();
      assertEquals(
          1,
          report.lines().filter(line -> line.matches(".*" + USER.name() + ".*: no grace")).count(),
          report);
    }
  }

  @Test
  void check_ofOneself_needsNoPrivilege() {
    try (StoreDisk disk = StoreDisk.make(Kind.TMPFS_USER_AND_GROUP)) {
      stores().limit(disk.device(), StoreDisk.USER, USER.uid(), Limits.hardSpace(64 * KIB));
      JsonObject own = Check.parse(Check.runAs(USER.name(), USER.name(), "--json"));
      assertEquals("accept", own.getString("verdict"), own::toString);
      assertEquals(
          64 * KIB,
          Check.quota(Check.mailboxFilesystem(own), "user")
              .getObject("space")
              .getLong("hard_limit_bytes"));
    }
  }

  private static void assertJudged(
      String name, StoreUser user, StoreDisk disk, long size, Verdict expected) {
    trials.storeMailIn("%h/");
    assertEquals(expected, trials.policy().ask(user.name(), size).verdict(), name + ": the daemon");
    long stored = Math.max(size, 1) + Kernel.ADDED_BY_DELIVERY;
    boolean fits = stores().letsStore(user.home() + "/tmp", stored, 4096, user, disk);
    assertEquals(expected == Verdict.ACCEPT, fits, name + ": whether the kernel let it be stored");
  }

  private static Stores stores() {
    return trials.stores();
  }

  private static long units(long used, String limit) {
    return limit.equals("-") ? 0 : (used + Long.parseLong(limit) * KIB) / 512;
  }
}
