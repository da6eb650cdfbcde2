// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.quotapolicy.lab.Policy.Verdict;

/** While a snapshot is taken, a filesystem is frozen, and some questions block for ever. */
class FrozenFilesystem {
  private static final Duration IN_TIME = Duration.ofMillis(3500);

  @Test
  void question_aboutAFrozenFilesystem_isAnsweredInTime() {
    try (SpareDisk disk = SpareDisk.make();
        Daemon daemon = Daemon.direct("--timeout", "2", "--on-error", Daemon.COULD_NOT_TELL)) {
      disk.mount("usrquota");
      Guest.must("fsfreeze --freeze " + SpareDisk.MOUNT_POINT);
      try {
        long start = System.nanoTime();
        assertNotEquals(Verdict.ACCEPT, Policy.askOnce(SpareDisk.USER, 0).verdict());
        assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
        assertEquals(Verdict.ACCEPT, Policy.askOnce("room", 0).verdict());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(IN_TIME) < 0, "took " + took.toMillis() + " ms");
      } finally {
        Guest.must("fsfreeze --unfreeze " + SpareDisk.MOUNT_POINT);
      }
      assertEquals(Verdict.REFUSE, Policy.askOnce(SpareDisk.USER, 0).verdict());
      assertTrue(daemon.isAlive());
      disk.unmount();
    }
  }
}
