// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;

/** The daemon's answer for each state of a quota, and whether the kernel then does the same. */
class Verdicts {
  private static Daemon daemon;
  private static Policy policy;

  @BeforeAll
  static void start() {
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
    policy = new Policy();
  }

  @AfterAll
  static void stop() {
    policy.close();
    daemon.close();
  }

  /** Sizes in bytes, as declared: 1024 more are written. 0 is undeclared, which counts as 1. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          room,              0, ACCEPT
          room,        8388608, ACCEPT
          room,       10415104, ACCEPT
          room,       10415105, REFUSE
          nolimit,           0, ACCEPT
          nolimit,    20000000, ACCEPT
          exactfit,          0, ACCEPT
          exactfit,       4096, ACCEPT
          exactfit,       4097, ACCEPT
          exactfit,       7168, ACCEPT
          exactfit,       7169, REFUSE
          overhard,          0, REFUSE
          overhard,          1, REFUSE
          overlimit,         0, REFUSE
          softedge,       7168, ACCEPT
          softedge,       7169, ACCEPT
          softedge,    7347200, ACCEPT
          softedge,    7347201, REFUSE
          softgrace,         0, ACCEPT
          softgrace,   6290432, ACCEPT
          softgrace,   6290433, REFUSE
          graceover,         0, REFUSE
          graceover,      4096, REFUSE
          inodefull,         0, REFUSE
          inodefull,      4096, REFUSE
          inodelast,         0, ACCEPT
          inodegrace,        0, ACCEPT
          inodeover,         0, REFUSE
          """)
  void ext4_sizeAtTheLimit_isJudgedAsTheKernelDoes(String user, long size, Verdict expected) {
    assertEqualsTheKernel(user, size, expected);
  }

  /** Away from the edges, where XFS reserves space before it creates a file. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          xroom,             0, ACCEPT
          xroom,      12000000, ACCEPT
          xroom,      20000000, REFUSE
          xnolimit,   20000000, ACCEPT
          xnorecord,         0, ACCEPT
          xoverhard,         0, REFUSE
          xoverhard,   1000000, REFUSE
          xgrace,            0, ACCEPT
          xgrace,      8000000, ACCEPT
          xgrace,     16000000, REFUSE
          xgraceover,        0, REFUSE
          xinodefull,        0, REFUSE
          xinodeover,        0, REFUSE
          """)
  void xfs_stateOfTheQuota_isJudgedAsTheKernelDoes(String user, long size, Verdict expected) {
    assertEqualsTheKernel(user, size, expected);
  }

  @ParameterizedTest
  @CsvSource({"unenforced, 0", "unenforced, 8000000", "plain, 0", "plain, 8000000"})
  void filesystem_withoutEnforcement_acceptsAsTheKernelDoes(String user, long size) {
    assertEqualsTheKernel(user, size, Verdict.ACCEPT);
  }

  @Test
  void user_unknown_isLeftToPostfix() {
    assertEquals(Verdict.ACCEPT, policy.ask("no-such-user", 0).verdict());
  }

  @Test
  void limit_changedWhileRunning_countsAtOnce() {
    assertEquals(Verdict.ACCEPT, policy.ask("room", 4096).verdict());
    Guest.must("setquota -u room 0 64 0 0 /home");
    try {
      assertEquals(Verdict.REFUSE, policy.ask("room", 4096).verdict());
    } finally {
      Guest.must("setquota -u room 8192 10240 100 200 /home");
    }
    assertEquals(Verdict.ACCEPT, policy.ask("room", 4096).verdict());
  }

  /** Whatever ends at the very edge: the usage that the kernel counts includes unwritten data. */
  @Test
  void usage_notYetOnDisk_counts() {
    assertEquals(Verdict.ACCEPT, policy.ask("exactfit", 7168).verdict());
    Guest.Result written =
        Guest.runAs("exactfit", "sh", "-c", "head -c 4096 /dev/zero >/home/exactfit/new");
    try {
      assertEquals(0, written.status(), written::text);
      assertEquals(Verdict.REFUSE, policy.ask("exactfit", 7168).verdict());
      assertEquals(Verdict.ACCEPT, policy.ask("exactfit", 3072).verdict());
    } finally {
      Guest.must("rm /home/exactfit/new");
    }
  }

  private static void assertEqualsTheKernel(String user, long size, Verdict expected) {
    assertEquals(expected, policy.ask(user, size).verdict(), "the daemon's verdict");
    boolean fits = Kernel.letsWrite(user, Math.max(size, 1) + Kernel.ADDED_BY_DELIVERY);
    assertEquals(expected == Verdict.ACCEPT, fits, "whether the kernel let it be written");
  }
}
