// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;

/**
 * The mailbox is always {@value #HERE}; what that is changes while the daemon runs. {@link
 * SpareDisk#USER} is over his limit on the disk, and has no quota on the tmpfs that /run is: so the
 * verdict tells where the path was found to lead.
 */
class PathsOfMail {
  private static final String HERE = "/run/paths/here";
  private static final String HOME = SpareDisk.MOUNT_POINT + "/" + SpareDisk.USER;
  static final String MODULE = "/usr/lib/uml/modules/$(uname -r)/kernel/fs/autofs/autofs4.ko";

  private static SpareDisk disk;
  private static Daemon daemon;
  private static Policy policy;

  @BeforeAll
  static void start() {
    Guest.must("mkdir -p /run/paths/link /run/auto && insmod " + MODULE);
    disk = SpareDisk.make();
    daemon = Daemon.direct("--debug", "--mailbox", HERE + "/", "--on-error", Daemon.COULD_NOT_TELL);
    policy = new Policy();
  }

  @AfterAll
  static void stop() {
    policy.close();
    daemon.close();
    disk.close();
    Guest.must("rmmod autofs4; rm -rf /run/paths /run/auto");
  }

  @BeforeEach
  void mount() {
    disk.mount("usrquota");
  }

  @AfterEach
  void clear() {
    Guest.sh("while umount -l " + HERE + "; do :; done; rm -rf " + HERE + " /run/paths/next");
    disk.unmount();
  }

  private static Verdict ask() {
    return policy.ask(SpareDisk.USER, 0).verdict();
  }

  private static void assertReason(String text) {
    Guest.await(
        text + " in\n" + daemon.log(), Duration.ofSeconds(5), () -> daemon.log().contains(text));
  }

  @ParameterizedTest
  @CsvSource({
    "/run/spare/late,            REFUSE",
    "../spare/late,              REFUSE",
    "link/../../spare/./late/,   REFUSE",
    "/run/spare/late/not/yet,    REFUSE",
    "next,                       REFUSE",
    "/run/paths/link/to/nowhere, ACCEPT",
    "/run/spare/../paths/link,   ACCEPT",
    "here,                       UNKNOWN",
  })
  void link_isFollowedAsTheKernelDoes(String target, Verdict expected) {
    Guest.must("ln -s " + target + " " + HERE + " && ln -s ../spare/late /run/paths/next");
    assertEquals(expected, ask());
  }

  /** Nobody but root may go there, so it might be a link. */
  @Test
  void directory_thatMayNotBeSearched_isUnknown() {
    Guest.must("ln -s " + HOME + " " + HERE + " && chmod 0700 /run/paths");
    try {
      assertEquals(Verdict.UNKNOWN, ask());
      assertReason("mailbox " + HERE + "/ could not be located: " + HERE + " may not be looked at");
    } finally {
      Guest.must("chmod 0755 /run/paths");
    }
    assertEquals(Verdict.REFUSE, ask());
  }

  @Test
  void mounts_onTopOfEachOther_theUppermostCounts() {
    Guest.must("mkdir " + HERE);
    assertEquals(Verdict.ACCEPT, ask());
    Guest.must("mount --bind " + HOME + " " + HERE);
    assertEquals(Verdict.REFUSE, ask());
    Guest.must("mount -t tmpfs none " + HERE);
    assertEquals(Verdict.ACCEPT, ask());
    Guest.must("mount --bind " + HOME + " " + HERE);
    assertEquals(Verdict.REFUSE, ask());
    Guest.must("umount " + HERE + " && umount " + HERE);
    assertEquals(Verdict.REFUSE, ask());
    Guest.must("umount " + HERE);
    assertEquals(Verdict.ACCEPT, ask());
  }

  @Test
  void disk_thatComesAndGoes_isKnownToTheNextRequest() {
    Guest.must("ln -s " + HOME + " " + HERE);
    for (int i = 0; i < 5; i++) {
      assertEquals(Verdict.REFUSE, ask());
      disk.unmount();
      assertEquals(Verdict.ACCEPT, ask());
      disk.mount("usrquota");
    }
  }

  /** Whoever touches a name below it waits for ever, and cannot be killed by the time limit. */
  @ParameterizedTest
  @CsvSource({"indirect, /run/auto/late", "direct, /run/auto"})
  void autofs_thatNobodyServes_isNotWaitedFor(String type, String target) {
    Guest.must("mkfifo /run/auto.pipe");
    Guest.must(
        "setsid sleep 300 & exec 7<>/run/auto.pipe; mount -t autofs"
            + (" -o fd=7,pgrp=$!,minproto=5,maxproto=5," + type + " none /run/auto"));
    try {
      Guest.must("ln -s " + target + " " + HERE);
      long start = System.nanoTime();
      assertEquals(Verdict.UNKNOWN, ask());
      long took = (System.nanoTime() - start) / 1_000_000;
      assertTrue(took < 4_000, "took " + took + " ms, as if it had been waited for");
      assertReason("is below /run/auto, where autofs has mounted nothing");
    } finally {
      Guest.must("umount -l /run/auto; rm /run/auto.pipe");
    }
  }

  /** By descriptor, where the node of the mount's source is gone, or is another disk's by now. */
  @Test
  void deviceNode_goneOrAnothers_doesNotMatter() {
    Guest.must("ln -s " + HOME + " " + HERE + " && mv /dev/ubde /dev/renamed");
    try {
      assertEquals(Verdict.REFUSE, ask());
      Guest.must("cp -a /dev/ubdd /dev/ubde");
      assertEquals(Verdict.REFUSE, ask());
    } finally {
      Guest.must("mv -f /dev/renamed /dev/ubde");
    }
  }

  @Test
  void overlay_isUnknown() {
    String dirs = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(HOME);
    Guest.must("cd " + HOME + " && mkdir -p lower upper work && mkdir " + HERE);
    Guest.must("mount -t overlay -o " + dirs + " none " + HERE);
    assertEquals(Verdict.UNKNOWN, ask());
    assertReason("is on overlay " + HERE + ", whose quotas are those of another filesystem");
  }

  @Test
  void btrfs_hasNoQuotaOfUsers() {
    Guest.must(
        "mkfs.btrfs -q -f -K -b 256m /dev/ubdf && mkdir " + HERE + " && mount /dev/ubdf " + HERE);
    assertEquals(Verdict.ACCEPT, ask());
    assertReason("no quota is enforced where the mail is stored");
  }

  /** Each bind mount of the whole tree into itself doubles it. */
  @Test
  void manyMounts_areNoObstacle() {
    Guest.must("ln -s " + HOME + " " + HERE);
    double before = milliseconds();
    Guest.must("mkdir /run/many && mount -t tmpfs none /run/many");
    try {
      Guest.must(
          "cd /run/many && mount --make-private . && for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do"
              + " mkdir d$i && mount --rbind . d$i || exit; done");
      int mounts = Integer.parseInt(Guest.must("wc -l </proc/self/mountinfo").strip());
      assertTrue(mounts > 10_000, mounts + " mounts");
      long start = System.nanoTime();
      assertEquals(Verdict.REFUSE, ask());
      double first = (System.nanoTime() - start) / 1e6;
      double then = milliseconds();
      System.out.printf(
          "  %d mounts: a request took %.1f ms before, %.1f ms the first time, %.1f ms then%n",
          mounts, before, first, then);
    } finally {
      Guest.must("umount -l /run/many && rmdir /run/many");
    }
    assertEquals(Verdict.REFUSE, ask());
  }

  /** The median of some requests. */
  private static double milliseconds() {
    double[] took = new double[21];
    for (int i = 0; i < took.length; i++) {
      long start = System.nanoTime();
      assertEquals(Verdict.REFUSE, ask());
      took[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(took);
    return took[took.length / 2];
  }
}
