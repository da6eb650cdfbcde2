// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/** Limits bind only while quotas are on. */
class QuotasOff {
  private static Daemon daemon;
  private static SpareDisk disk;

  @BeforeAll
  static void start() {
    disk = SpareDisk.make();
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
  }

  @AfterAll
  static void stop() {
    daemon.close();
    disk.close();
  }

  @Test
  void quotaoff_thenQuotaon_isSeenByTheNextRequest() {
    disk.mount("usrquota");
    try {
      assertVerdict(Verdict.REFUSE, false);
      Guest.must("quotaoff -u " + SpareDisk.MOUNT_POINT);
      assertVerdict(Verdict.ACCEPT, true);
      Guest.must("quotaon -u " + SpareDisk.MOUNT_POINT);
      assertVerdict(Verdict.REFUSE, false);
    } finally {
      disk.unmount();
    }
  }

  /** Counted, but not enforced: ext4 made with quotas and mounted without a word about them. */
  @ParameterizedTest
  @ValueSource(strings = {"defaults", "grpquota"})
  void mountOptions_withoutUsrquota_enforceNothing(String options) {
    disk.mount(options);
    try {
      assertVerdict(Verdict.ACCEPT, true);
    } finally {
      disk.unmount();
    }
  }

  private static void assertVerdict(Verdict expected, boolean isWritable) {
    assertEquals(expected, Policy.askOnce(SpareDisk.USER, 0).verdict());
    assertEquals(isWritable, Kernel.letsWrite(SpareDisk.USER, 1));
  }
}
