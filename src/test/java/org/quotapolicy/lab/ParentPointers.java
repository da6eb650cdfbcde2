// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;

/**
 * XFS with parent pointers, of Linux 6.10 and later: it wants more room before it makes a file, and
 * again before it lets a message that is written be linked into its Maildir.
 *
 * <p>Needs a kernel that the package of the lab does not have: src/test/lab/kernel builds one.
 */
@Tag(LabMain.OWN_GUEST)
class ParentPointers extends WithTrials {
  private static final int ROUNDS = Integer.getInteger("lab.rounds", 6);
  private static final List<Kind> KINDS =
      Stream.of(Kind.values()).filter(Kind::hasParentPointers).toList();
  private static final long KIB = 1024;
  private static final StoreUser USER = StoreUser.ALL.get(0);

  static IntStream rounds() {
    return IntStream.range(0, ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void message_atRandom_isJudgedAsTheKernelDoes(int number) {
    trials.run(KINDS.get(number % KINDS.size()), number);
  }

  /** Hard limit in KiB above the usage; size in bytes, 1,024 more are written. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          XFS_PARENTS,         room to make a file,         0, 256,      0, ACCEPT
          XFS_PARENTS,         less room than that,         0, 252,      0, REFUSE
          XFS_PARENTS,         group with less,             1, 252,      0, REFUSE
          XFS_PARENTS,         room to link what it wrote,  0, 308, 101376, ACCEPT
          XFS_PARENTS,         less room than that,         0, 304, 101376, REFUSE
          XFS_PARENTS,         group with less,             1, 304, 101376, REFUSE
          XFS_PARENTS_NREXT64, room to make a file,         0, 376,      0, ACCEPT
          XFS_PARENTS_NREXT64, less room than that,         0, 372,      0, REFUSE
          XFS_PARENTS_NREXT64, room to link what it wrote,  0, 412, 101376, ACCEPT
          XFS_PARENTS_NREXT64, less room than that,         0, 408, 101376, REFUSE
          """)
  void space_inAMaildir_isJudgedAsTheKernelDoes(
      Kind kind, String name, int type, long hard, long size, Verdict expected) {
    trials.storeMailIn("%h/");
    try (StoreDisk disk = StoreDisk.make(kind)) {
      limit(disk, type, hard);
      assertEquals(expected, trials.policy().ask(USER.name(), size).verdict(), name);
      boolean fits = trials.stores().letsStore(USER.home() + "/tmp", size + KIB, 4096, USER, disk);
      assertEquals(
          expected == Verdict.ACCEPT, fits, name + ": whether the kernel let it be stored");
    }
  }

  /** An mbox is not linked, and once it exists no file is made but the lock beside it. */
  @ParameterizedTest
  @CsvSource({"256, 101376, ACCEPT", "252, 101376, REFUSE"})
  void space_ofAnMbox_isJudgedAsTheKernelDoes(long hard, long size, Verdict expected) {
    trials.storeMailIn("%h/tmp/mbox");
    try (StoreDisk disk = StoreDisk.make(Kind.XFS_PARENTS)) {
      limit(disk, StoreDisk.USER, hard);
      assertEquals(expected, trials.policy().ask(USER.name(), size).verdict());
      String mbox = USER.home() + "/tmp/mbox";
      boolean fits = trials.stores().letsDeliver(mbox, size + KIB, 4096, USER, disk);
      assertEquals(expected == Verdict.ACCEPT, fits);
    }
  }

  private static void limit(StoreDisk disk, int type, long hard) {
    long id = disk.kind().id(type, USER);
    long used = trials.stores().usage(disk.device(), type, id).space();
    trials.stores().limit(disk.device(), type, id, Limits.hardSpace(used + hard * KIB));
  }
}
