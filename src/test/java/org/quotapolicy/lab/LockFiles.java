// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;
import org.quotapolicy.lab.Stores.Usage;

/**
 * The lock file that local(8) of the real Postfix makes beside an mbox, where it is an inode of the
 * user's.
 *
 * <p>In each case the daemon is asked, and Postfix really delivers.
 */
class LockFiles {
  private static final long KIB = 1024;
  private static final StoreUser USER = StoreUser.ALL.get(0);

  /** The user with the spool's group, in which nobody is. */
  private static final StoreUser OF_SPOOL =
      new StoreUser(USER.name(), USER.uid(), 41_900, USER.project());

  private static final String SPOOL = StoreDisk.SPOOL;
  private static final String MBOX = SPOOL + "/" + USER.name();

  private static ConfiguredDaemon daemon;
  private static Stores stores;
  private static @Nullable StoreDisk disk;

  @BeforeAll
  static void start() {
    StoreUser.addAll();
    stores = new Stores();
    LocalMail.start();
    LocalMail.storeIn(SPOOL);
    daemon = ConfiguredDaemon.start();
  }

  @AfterAll
  static void stop() {
    LocalMail.stop();
    daemon.close();
    Objects.requireNonNull(disk).close();
    stores.close();
  }

  private static String device() {
    return Objects.requireNonNull(disk).device();
  }

  private static Usage usage(int type, long id) {
    return stores.usage(device(), type, id);
  }

  /** A spool of this mode with an mbox or without, and nobody has limits. */
  private static void prepare(Kind kind, String mode, boolean isFirst) {
    disk = StoreDisk.ofKind(kind, disk);
    for (int type : kind.types()) {
      stores.limit(device(), type, kind.id(type, USER), Limits.NONE);
      stores.limit(device(), type, kind.id(type, OF_SPOOL), Limits.NONE);
    }
    disk.makeSpool(OF_SPOOL.gid(), mode);
    daemon.use("mailbox = " + SPOOL + "/%u\n");
    if (!isFirst) {
      stores.fill(MBOX, 100, USER);
    }
  }

  private static void limitInodes(int type, long id, long left) {
    long used = usage(type, id).inodes();
    stores.limit(device(), type, id, new Limits(0, 0, 0, used + left, "-", "-"));
  }

  private static void assertDelivered(String expected) {
    Verdict verdict = Policy.askOnce(USER.name(), 0).verdict();
    assertEquals(expected, LocalMail.deliver(USER.name()));
    assertEquals(expected.equals("sent") ? Verdict.ACCEPT : Verdict.REFUSE, verdict);
  }

  /** It is there before the mbox is made, and until the message is written. */
  @ParameterizedTest
  @CsvSource({
    "EXT4, 2775, again, 0, bounced",
    "EXT4, 2775, again, 1, sent",
    "EXT4, 2775, first, 1, bounced",
    "EXT4, 2775, first, 2, sent",
    "EXT4, 1777, again, 0, bounced",
    "EXT4, 1777, again, 1, sent",
    "EXT4, 0755, again, 0, sent",
    "EXT4, 2755, again, 0, sent",
    "XFS_USER_AND_GROUP, 2775, again, 0, bounced",
    "XFS_USER_AND_GROUP, 2775, again, 1, sent",
    "XFS_USER_AND_GROUP, 2775, first, 1, bounced",
    "XFS_USER_AND_GROUP, 2775, first, 2, sent",
    "XFS_USER_AND_GROUP, 0755, again, 0, sent",
  })
  void inode_ofLockFile_isNeeded(Kind kind, String mode, String mail, long left, String expected) {
    prepare(kind, mode, mail.equals("first"));
    limitInodes(StoreDisk.USER, USER.uid(), left);
    assertDelivered(expected);
  }

  /** Like any other inode, in grace and afterwards. */
  @ParameterizedTest
  @CsvSource({
    "EXT4, -1, -10, bounced",
    "EXT4, -1, 3600, sent",
    "EXT4, 1, -10, sent",
    "XFS_USER_AND_GROUP, -1, -10, bounced",
    "XFS_USER_AND_GROUP, -1, 3600, sent",
  })
  void inode_ofLockFile_overSoftLimit_isNeeded(
      Kind kind, long left, String timer, String expected) {
    prepare(kind, "2775", false);
    long used = usage(StoreDisk.USER, USER.uid()).inodes();
    stores.limit(
        device(), StoreDisk.USER, USER.uid(), new Limits(0, 0, used + left, 0, "-", timer));
    assertDelivered(expected);
  }

  /** It is the one that passes the soft limit, and starts the timer that refuses the mbox. */
  @ParameterizedTest
  @CsvSource({"first, bounced", "again, sent"})
  void gracePeriod_ofZero_letsOneInodePass(String mail, String expected) {
    prepare(Kind.EXT4, "2775", mail.equals("first"));
    stores.grace(device(), StoreDisk.USER, 0, 0);
    try {
      long used = usage(StoreDisk.USER, USER.uid()).inodes();
      Limits limits = new Limits(0, 0, used, 0, "-", "0");
      stores.limit(device(), StoreDisk.USER, USER.uid(), limits);
      assertDelivered(expected);
    } finally {
      stores.grace(device(), StoreDisk.USER, 604_800, 604_800);
    }
  }

  /** XFS wants the room for a file before it makes that, too. */
  @ParameterizedTest
  @CsvSource({"2775, 188, sent", "2775, 184, bounced", "0755, 40, sent"})
  void roomForLockFile_onXfs_isWanted(String mode, long kib, String expected) {
    prepare(Kind.XFS_USER_AND_GROUP, mode, false);
    long used = usage(StoreDisk.USER, USER.uid()).space();
    stores.limit(device(), StoreDisk.USER, USER.uid(), Limits.hardSpace(used + kib * KIB));
    assertDelivered(expected);
  }

  /** It belongs to the group of who makes it, or of the directory; the mbox to its own. */
  @ParameterizedTest
  @CsvSource({
    "2775, 41900, bounced",
    "2775, 41500, sent",
    "1777, 41900, sent",
    "1777, 41500, bounced",
  })
  void group_ofLockFile_isOfWhoMakesIt(String mode, long full, String expected) {
    prepare(Kind.EXT4, mode, false);
    stores.fill(SPOOL + "/own", 100, USER);
    stores.fill(SPOOL + "/other", 100, OF_SPOOL);
    Guest.must("chgrp %d %s".formatted(full == USER.gid() ? OF_SPOOL.gid() : USER.gid(), MBOX));
    limitInodes(StoreDisk.GROUP, full, 0);
    assertDelivered(expected);
  }

  /** The spool's, if that hands it on, whatever the mbox is in. */
  @ParameterizedTest
  @CsvSource({"EXT4_PROJECT, bounced", "XFS_PROJECT, deferred"})
  void project_ofLockFile_isTheSpools(Kind kind, String expected) {
    prepare(kind, "2775", false);
    stores.fill(SPOOL + "/other", 100, USER);
    String project = String.valueOf(USER.project());
    Guest.must(
        kind.isXfs()
            ? "xfs_io -c 'chproj %1$s' -c 'chattr +P' %2$s && xfs_io -c 'chproj %1$s' %2$s/other"
                .formatted(project, SPOOL)
            : "chattr -p %1$s +P %2$s && chattr -p %1$s %2$s/other".formatted(project, SPOOL));
    limitInodes(StoreDisk.PROJECT, USER.project(), 0);
    assertDelivered(expected);
  }

  /** What is there already is counted already; who leaves it behind does not matter. */
  @Test
  void lockFile_thatIsThere_takesNoFurtherInode() {
    prepare(Kind.EXT4, "2775", false);
    Guest.must("touch %1$s.lock && chown %2$d:%3$d %1$s.lock".formatted(MBOX, USER.uid(), 41_900));
    limitInodes(StoreDisk.USER, USER.uid(), 0);
    assertEquals(Verdict.ACCEPT, Policy.askOnce(USER.name(), 0).verdict());
  }

  /** All is done as the user there, and the home may be closed. */
  @ParameterizedTest
  @CsvSource({"0700, 0, bounced", "0700, 1, sent", "0755, 0, bounced", "0755, 1, sent"})
  void mboxInHome_needsTheInode(String mode, long left, String expected) {
    prepare(Kind.EXT4, "2775", false);
    String home = USER.home();
    stores.fill(home + "/mbox", 100, USER);
    Guest.must("chmod %s %s".formatted(mode, home));
    daemon.use("mailbox = %h/mbox\n");
    LocalMail.configure("home_mailbox=mbox");
    try {
      limitInodes(StoreDisk.USER, USER.uid(), left);
      assertDelivered(expected);
    } finally {
      LocalMail.configure("home_mailbox=");
      Guest.must("chmod 0711 %1$s && rm %1$s/mbox".formatted(home));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, bounced", "1, sent"})
  void maildir_hasNone(long left, String expected) {
    prepare(Kind.EXT4, "1777", true);
    daemon.use("mailbox = " + SPOOL + "/%u/\n");
    LocalMail.configure("mail_spool_directory=%s/".formatted(SPOOL));
    try {
      assertEquals("sent", LocalMail.deliver(USER.name())); // and the directories are there
      limitInodes(StoreDisk.USER, USER.uid(), left);
      assertDelivered(expected);
    } finally {
      LocalMail.configure("mail_spool_directory=" + SPOOL);
    }
  }

  /** What is true of Postfix at the daemon's start. */
  @ParameterizedTest
  @CsvSource({
    "mailbox_delivery_lock=fcntl, sent",
    "mailbox_delivery_lock=dotlock, bounced",
    "mailbox_command='cat >>/srv/stores/spool/$LOGNAME', sent",
  })
  void lockFile_ofAnotherConfiguration_isThatOfPostfix(String parameter, String expected) {
    daemon.close();
    LocalMail.configure(parameter);
    daemon = ConfiguredDaemon.start();
    try {
      prepare(Kind.EXT4, "1777", false);
      limitInodes(StoreDisk.USER, USER.uid(), 0);
      assertDelivered(expected);
      assertEquals(
          expected.equals("sent") ? "accept" : "refuse",
          Check.json(USER.name()).getString("verdict"));
    } finally {
      daemon.close();
      LocalMail.configure("mailbox_delivery_lock='fcntl, dotlock' mailbox_command=");
      StoreUser.addAll();
      daemon = ConfiguredDaemon.start();
    }
  }
}
