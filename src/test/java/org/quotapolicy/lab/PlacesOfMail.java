// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;

/**
 * {@code --mailbox}, {@code --charge} and {@code --reserve}: the daemon is told anew with each
 * case, the message is really stored there, and {@code check} must say what the daemon says.
 *
 * <p>The disk is XFS, whose reserve for a new file tells a Maildir from an mbox, if Postfix makes
 * no lock file beside that.
 */
class PlacesOfMail {
  private static final long KIB = 1024;
  private static final StoreUser USER = StoreUser.ALL.get(0);
  private static final String MAIN = "/etc/postfix/main.cf";
  private static final String KEPT = "/run/main.cf";
  private static final String SPOOL = StoreDisk.MOUNT_POINT + "/spool";

  private static StoreDisk disk;
  private static ConfiguredDaemon daemon;
  private static Stores stores;

  @BeforeAll
  static void start() {
    StoreUser.addAll();
    stores = new Stores();
    disk = StoreDisk.make(Kind.XFS_USER_AND_GROUP);
    Guest.must("mkdir -p " + SPOOL + " && chmod 1777 " + SPOOL);
    Guest.must(
        "cp %1$s %2$s 2>&1 || :; echo 'mailbox_delivery_lock = fcntl' >%1$s".formatted(MAIN, KEPT));
    daemon = ConfiguredDaemon.start();
  }

  @AfterAll
  static void stop() {
    daemon.close();
    Guest.must("rm %1$s; mv %2$s %1$s 2>&1 || :".formatted(MAIN, KEPT));
    disk.close();
    stores.close();
  }

  @BeforeEach
  void noLimits() {
    stores.limit(disk.device(), StoreDisk.USER, USER.uid(), Limits.NONE);
    stores.limit(disk.device(), StoreDisk.GROUP, USER.gid(), Limits.NONE);
  }

  private static void allow(long more) {
    long used = stores.usage(disk.device(), StoreDisk.USER, USER.uid()).space();
    stores.limit(disk.device(), StoreDisk.USER, USER.uid(), Limits.hardSpace(used + more));
  }

  private static Verdict ask(String user, long size) {
    return Policy.askOnce(user, size).verdict();
  }

  /** It starts two JVMs: once a case. */
  private static void assertCheckSays(Verdict verdict, String user, long size) {
    Guest.Result check = Check.run(user, "--size", Long.toString(size));
    int status =
        switch (verdict) {
          case ACCEPT -> 0;
          case REFUSE -> 1;
          case UNKNOWN -> 4;
        };
    assertEquals(status, check.status(), check::text);
  }

  /** With 40 KiB left, of which XFS would reserve 188 for a new file. */
  @ParameterizedTest
  @CsvSource({
    "/spool/%u,  300, ACCEPT",
    "/spool/%u,  4096, ACCEPT",
    "/spool/%u,  -1, REFUSE",
    "/spool/%u/, -1, REFUSE",
  })
  void mboxOnXfs_takesLessThanANewFile(String template, long length, Verdict expected) {
    String mbox = SPOOL + "/" + USER.name();
    Guest.must("rm -rf " + mbox);
    if (length >= 0) {
      stores.fill(mbox, length, USER);
    }
    daemon.use("mailbox = " + StoreDisk.MOUNT_POINT + template + "\n");
    allow(40 * KIB);
    assertEquals(expected, ask(USER.name(), 10_000));
    assertCheckSays(expected, USER.name(), 10_000);
    long stored = 10_000 + Kernel.ADDED_BY_DELIVERY;
    boolean fits =
        template.endsWith("/")
            ? stores.letsStore(SPOOL, stored, 4096, USER, disk)
            : stores.letsAppend(mbox, stored, 4096, USER, disk);
    assertEquals(expected == Verdict.ACCEPT, fits);
  }

  /** The last block has room for a small message, whatever the limit. */
  @ParameterizedTest
  @CsvSource({"2000, ACCEPT", "3000, REFUSE"})
  void mbox_withRoomInItsLastBlock_takesSmallMail(long size, Verdict expected) {
    String mbox = SPOOL + "/" + USER.name();
    Guest.must("rm -rf " + mbox);
    stores.fill(mbox, 1000, USER);
    daemon.use("mailbox = " + SPOOL + "/%u\n");
    allow(0);
    assertEquals(expected, ask(USER.name(), size));
    boolean fits = stores.letsAppend(mbox, size + Kernel.ADDED_BY_DELIVERY, 4096, USER, disk);
    assertEquals(expected == Verdict.ACCEPT, fits);
  }

  /** bob's home is full and his spool is not; store0 has room at home. */
  @Test
  void spoolOnAnotherFilesystem_countsAlone() {
    daemon.use("mailbox = " + SPOOL + "/%u/\n");
    assertEquals(Verdict.ACCEPT, ask("bob", 0));
    allow(4 * KIB);
    assertEquals(Verdict.REFUSE, ask(USER.name(), 0));
    daemon.use("mailbox = /home/%u/\n");
    assertEquals(Verdict.REFUSE, ask("bob", 0));
    assertEquals(Verdict.ACCEPT, ask(USER.name(), 0));
  }

  @Test
  void severalMailboxes_mustAllHaveRoom() {
    daemon.use("mailbox = %h/\nmailbox = " + SPOOL + "/%u/\nmailbox = /srv/unenforced/\n");
    assertEquals(Verdict.ACCEPT, ask("alice", 0));
    assertEquals(Verdict.REFUSE, ask("bob", 0));
    allow(4 * KIB);
    assertEquals(Verdict.REFUSE, ask(USER.name(), 0));
    assertCheckSays(Verdict.REFUSE, USER.name(), 0);
    assertTrue(daemon.log().contains("user=store0 quota=user:41000"), daemon::log);
    assertTrue(daemon.log().contains(" mailbox=" + USER.home() + "/ "), daemon::log);
  }

  /** 100 KiB are stored twice, and XFS wants 188 KiB before it makes the second file. */
  @ParameterizedTest
  @CsvSource({"288, ACCEPT", "284, REFUSE"})
  void severalMailboxes_onOneFilesystem_mustHaveRoomTogether(long kib, Verdict expected) {
    String first = SPOOL + "/first";
    daemon.use("mailbox = " + SPOOL + "/%u/\nmailbox = " + SPOOL + "/archive/%u/\n");
    allow(kib * KIB);
    long size = 100 * KIB - Kernel.ADDED_BY_DELIVERY;
    assertEquals(expected, ask(USER.name(), size));
    assertCheckSays(expected, USER.name(), size);
    try {
      assertTrue(stores.letsAppend(first, 100 * KIB, 4096, USER, disk));
      boolean fits = stores.letsStore(SPOOL, 100 * KIB, 4096, USER, disk);
      assertEquals(expected == Verdict.ACCEPT, fits);
    } finally {
      Guest.must("rm -f " + first);
    }
  }

  /** As quota(1): whoever is full anywhere. */
  @Test
  void all_countsEveryFilesystemWithQuotas() {
    daemon.use("mailbox = all\n");
    assertEquals(Verdict.ACCEPT, ask("alice", 0));
    assertEquals(Verdict.REFUSE, ask("bob", 0));
    assertEquals(Verdict.REFUSE, ask("xoverhard", 0));
    Guest.must("setquota -u alice 0 100 0 0 /srv/xfs");
    try {
      assertEquals(Verdict.REFUSE, ask("alice", 0));
      JsonObject check = Check.json("alice", "--mailbox", "all");
      assertEquals(
          "[/srv/xfs]",
          Check.objects(check.getArray("filesystems")).stream()
              .filter(filesystem -> filesystem.getString("mount_point").equals("/srv/xfs"))
              .map(filesystem -> filesystem.getArray("mailboxes").toString())
              .findFirst()
              .orElseThrow());
    } finally {
      Guest.must("setquota -u alice 0 0 0 0 /srv/xfs");
    }
  }

  /** All mail is store0's, whoever it is for; nobody of that name need exist. */
  @Test
  void charge_countsTheAccountThatMailBelongsTo() {
    daemon.use("charge = " + USER.name() + "\nmailbox = " + SPOOL + "/%d/%u/\n");
    Guest.must("grep -q ^somebody: /etc/passwd && exit 1 || :");
    assertEquals(Verdict.ACCEPT, ask("somebody@lab.example", 0));
    allow(100 * KIB);
    assertEquals(Verdict.REFUSE, Policy.askOnce("somebody", 0).verdict());
    assertCheckSays(Verdict.REFUSE, "somebody@lab.example", 0);
    assertEquals(Verdict.REFUSE, Policy.askOnce("alice", 0).verdict());
    assertTrue(daemon.log().contains("user=somebody quota=user:41000 "), daemon::log);
    assertEquals(Verdict.UNKNOWN, Policy.askOnce("..", 0).verdict());
    daemon.use("charge = nobody-of-this-name\n");
    assertEquals(Verdict.UNKNOWN, Policy.askOnce("alice", 0).verdict());
  }

  @Test
  void reserve_refusesEarlierByExactlySoMuch() {
    daemon.use("mailbox = " + SPOOL + "/%u/\nreserve = 409600\n");
    long size = 1_000_000;
    long block = 4096;
    long need = (size + Kernel.ADDED_BY_DELIVERY + 409_600 + block - 1) / block * block;
    allow(need);
    assertEquals(Verdict.ACCEPT, ask(USER.name(), size));
    allow(need - block);
    assertEquals(Verdict.REFUSE, ask(USER.name(), size));
    assertCheckSays(Verdict.REFUSE, USER.name(), size);
    long stored = size + Kernel.ADDED_BY_DELIVERY;
    assertTrue(stores.letsStore(SPOOL, stored, 4096, USER, disk));
  }

  /** What is hidden in a closed home counts as what it is called. */
  @Test
  void mailboxInClosedHome_isJudgedByTheHomesFilesystem() {
    daemon.use("mailbox = %h/Maildir/\n");
    Guest.must("chmod 0700 /home/alice /home/bob");
    try {
      assertEquals(Verdict.ACCEPT, ask("alice", 0));
      assertEquals(Verdict.REFUSE, ask("bob", 0));
      daemon.use("mailbox = %h/mbox\n");
      assertEquals(Verdict.ACCEPT, ask("alice", 0));
      assertEquals(Verdict.REFUSE, ask("bob", 10_000));
    } finally {
      Guest.must("chmod 0750 /home/alice /home/bob");
    }
  }
}
