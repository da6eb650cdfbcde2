// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;

/**
 * What XFS has given an mbox beyond its end counts as used, and newer kernels leave it there when
 * the mbox is closed. Before they refuse they take it back, if a quota of the mbox is nearly used
 * up or has no hard limit.
 *
 * <p>Needs a kernel that the package of the lab does not have: src/test/lab/kernel builds one.
 */
@Tag(LabMain.OWN_GUEST)
class Preallocations extends WithTrials {
  private static final int DELIVERIES = 8;
  private static final int SIZE = 70_000;
  private static final long KIB = 1024;

  /** More than what XFS wants before it makes a lock file. */
  private static final long LEAST_BEYOND_END = 256 * KIB;

  private static final StoreUser USER = StoreUser.ALL.get(0);

  /** Limits in KiB above the usage, or none; a soft limit's grace is over. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          room for nothing but what is taken back,     0,      ,       ,      1, ACCEPT
          group with room for nothing but that,         ,      ,      0,      1, ACCEPT
          less room than is needed then,               0,      ,       , 600000, REFUSE
          below the soft limit again,                   ,    -4,       ,      1, ACCEPT
          above the soft limit still,                   , -4000,       ,      1, REFUSE
          grace over and no quota nearly used up, 900000,    -4, 900000,      1, REFUSE
          """)
  void mbox_grown_isJudgedAsTheKernelDoes(
      String name,
      @Nullable Long hard,
      @Nullable Long soft,
      @Nullable Long group,
      long size,
      Verdict expected) {
    trials.storeMailIn("%h/tmp/mbox");
    try (StoreDisk disk = StoreDisk.make(Kind.XFS_USER_AND_GROUP)) {
      String mbox = USER.home() + "/tmp/mbox";
      trials.stores().fill(USER.home() + "/fill", 8_000_000, USER);
      for (int i = 0; i < DELIVERIES; i++) {
        assertTrue(trials.stores().letsAppend(mbox, SIZE, SIZE, USER, disk));
      }
      long allocated = 512 * Long.parseLong(Guest.must("stat -c %b " + mbox).strip());
      assertTrue(allocated > DELIVERIES * SIZE + LEAST_BEYOND_END, "taken back at once");
      limit(disk, StoreDisk.USER, hard, soft);
      limit(disk, StoreDisk.GROUP, group, null);
      assertEquals(expected, trials.policy().ask(USER.name(), size).verdict(), name);
      boolean fits = trials.stores().letsDeliver(mbox, size + KIB, 4096, USER, disk);
      assertEquals(
          expected == Verdict.ACCEPT, fits, name + ": whether the kernel let it be stored");
    }
  }

  private static void limit(
      StoreDisk disk, int type, @Nullable Long hardKib, @Nullable Long softKib) {
    long id = disk.kind().id(type, USER);
    long used = trials.stores().usage(disk.device(), type, id).space();
    long hard = hardKib == null ? 0 : (used + hardKib * KIB) / 512;
    long soft = softKib == null ? 0 : (used + softKib * KIB) / 512;
    Limits limits = new Limits(soft, hard, 0, 0, softKib == null ? "-" : "-10", "-");
    trials.stores().limit(disk.device(), type, id, limits);
  }
}
