// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.quotapolicy.lab.Policy.Verdict;

/** A service manager may take write access away; the kernel then refuses some questions (EROFS). */
class ProtectedNamespace {
  @Test
  void filesystems_readOnlyForTheDaemon_areJudgedAsEver() {
    try (Daemon daemon = Daemon.directAndProtected("--on-error", Daemon.COULD_NOT_TELL)) {
      String mounts = Guest.must("grep -E ' /(home|srv/xfs) ' /proc/" + daemon.pid() + "/mounts");
      assertTrue(mounts.lines().allMatch(line -> line.contains(" ro,")), mounts);

      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      assertEquals(Verdict.ACCEPT, Policy.askOnce("room", 0).verdict());
      assertEquals(Verdict.REFUSE, Policy.askOnce("xoverhard", 0).verdict());
      assertEquals(Verdict.ACCEPT, Policy.askOnce("xroom", 0).verdict());
    }
  }
}
