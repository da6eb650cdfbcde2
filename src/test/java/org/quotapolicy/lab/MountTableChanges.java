// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.quotapolicy.lab.Policy.Verdict;

/** Filesystems come and go while the daemon runs. */
class MountTableChanges {
  private static final int ROUNDS = 5;

  private static SpareDisk disk;
  private static Daemon daemon;
  private static Policy policy;

  @BeforeAll
  static void start() {
    disk = SpareDisk.make();
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
    policy = new Policy();
  }

  @AfterAll
  static void stop() {
    policy.close();
    daemon.close();
    disk.close();
  }

  /** Without the filesystem there is no home: nothing that Postfix could not find out itself. */
  @Test
  void mountAndUnmount_areKnownToTheNextRequest() {
    assertEquals(Verdict.ACCEPT, policy.ask(SpareDisk.USER, 0).verdict());
    for (int i = 0; i < ROUNDS; i++) {
      disk.mount("usrquota");
      assertEquals(Verdict.REFUSE, policy.ask(SpareDisk.USER, 0).verdict());
      // Right after a request: a descriptor that stayed open would make this fail as busy.
      disk.unmount();
      assertEquals(Verdict.ACCEPT, policy.ask(SpareDisk.USER, 0).verdict());
    }
    assertEquals(Verdict.REFUSE, policy.ask("overhard", 0).verdict());
  }

  @Test
  void anotherFilesystem_mountedOver_counts() {
    disk.mount("usrquota");
    try {
      assertEquals(Verdict.REFUSE, policy.ask(SpareDisk.USER, 0).verdict());
      Guest.must("mount -t tmpfs none " + SpareDisk.MOUNT_POINT);
      assertEquals(Verdict.ACCEPT, policy.ask(SpareDisk.USER, 0).verdict());
      Guest.must("umount " + SpareDisk.MOUNT_POINT);
      assertEquals(Verdict.REFUSE, policy.ask(SpareDisk.USER, 0).verdict());
    } finally {
      disk.unmount();
    }
  }

  @Test
  void home_behindASymbolicLink_isFoundWhereItIs() {
    disk.mount("usrquota");
    String home = SpareDisk.MOUNT_POINT + "/late";
    Guest.must(
        "ln -s " + home + " /home/link && sed -i 's,:" + home + ":,:/home/link:,' /etc/passwd");
    try {
      assertEquals(Verdict.REFUSE, policy.ask(SpareDisk.USER, 0).verdict());
    } finally {
      Guest.must("sed -i 's,:/home/link:,:" + home + ":,' /etc/passwd && rm /home/link");
      disk.unmount();
    }
  }
}
