// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
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

/**
 * Whose group quota mail is charged to: that of the user's primary group, or of the directory's.
 *
 * <p>In each case first the one group is full and then the other; the daemon is asked, and a
 * process with the ids that Postfix would deliver with really stores the mail.
 */
class GroupsOfMail {
  private static final long KIB = 1024;
  private static final StoreUser USER = StoreUser.ALL.get(0);

  /** Of the spool; nobody is in it. */
  private static final long OTHER = 41_900;

  /** The user as local(8) is while it writes into a spool of that group. */
  private static final StoreUser WITH_OTHER =
      new StoreUser(USER.name(), USER.uid(), OTHER, USER.project());

  private static final String SPOOL = StoreDisk.SPOOL;
  private static final String MAIL = SPOOL + "/" + USER.name();

  private static ConfiguredDaemon daemon;
  private static Stores stores;
  private static @Nullable StoreDisk disk;

  @BeforeAll
  static void start() {
    StoreUser.addAll();
    stores = new Stores();
    daemon = ConfiguredDaemon.start();
  }

  @AfterAll
  static void stop() {
    daemon.close();
    disk().close();
    stores.close();
  }

  private static void use(String template) {
    daemon.use("mailbox = " + template + "\n");
  }

  private static StoreDisk disk() {
    return Objects.requireNonNull(disk);
  }

  /** A filesystem with a spool of this mode, and both groups using something. */
  private static void prepare(Kind kind, String mode) {
    StoreDisk before = disk;
    disk = StoreDisk.ofKind(kind, before);
    if (disk != before) {
      stores.fill(StoreDisk.MOUNT_POINT + "/own", 64 * KIB, USER);
      stores.fill(StoreDisk.MOUNT_POINT + "/other", 64 * KIB, WITH_OTHER);
    }
    limit(USER.gid(), Limits.NONE);
    limit(OTHER, Limits.NONE);
    disk.makeSpool(OTHER, mode);
  }

  private static void limit(long group, Limits limits) {
    stores.limit(disk().device(), StoreDisk.GROUP, group, limits);
  }

  /** Only that group has no room at all. */
  private static void fillUp(long group) {
    limit(USER.gid(), Limits.NONE);
    limit(OTHER, Limits.NONE);
    long used = stores.usage(disk().device(), StoreDisk.GROUP, group).space();
    limit(group, Limits.hardSpace(used));
  }

  private static Verdict ask() {
    return Policy.askOnce(USER.name(), 0).verdict();
  }

  /** A Maildir of the other group, of this mode. */
  @ParameterizedTest
  @CsvSource({
    "EXT4, 2711, 41900",
    "EXT4, 0711, 41500",
    "EXT4_GROUP_ONLY, 2711, 41900",
    "XFS_USER_AND_GROUP, 2711, 41900",
    "XFS_USER_AND_GROUP, 0711, 41500",
  })
  void maildir_handsItsGroupOnIfItIsSetgid(Kind kind, String mode, long expected) {
    prepare(kind, "0755");
    maildir(mode);
    use(SPOOL + "/%u/");
    assertChargedTo(expected, MAIL + "/tmp");
  }

  @Test
  void maildir_onMountWithGrpid_hasItsGroup() {
    prepare(Kind.EXT4, "0755");
    maildir("0711");
    use(SPOOL + "/%u/");
    Guest.must("mount -o remount,grpid " + StoreDisk.MOUNT_POINT);
    try {
      assertChargedTo(OTHER, MAIL + "/tmp");
    } finally {
      Guest.must("mount -o remount,nogrpid " + StoreDisk.MOUNT_POINT);
    }
  }

  private static void maildir(String mode) {
    Guest.must(
        "install -d -o %1$d %2$s %2$s/tmp && chgrp %3$d %2$s %2$s/tmp && chmod %4$s %2$s %2$s/tmp"
            .formatted(USER.uid(), MAIL, OTHER, mode));
  }

  private static void assertChargedTo(long expected, String directory) {
    for (long full : new long[] {USER.gid(), OTHER}) {
      fillUp(full);
      assertEquals(full == expected ? Verdict.REFUSE : Verdict.ACCEPT, ask());
      boolean fits = stores.letsStore(directory, 1 + Kernel.ADDED_BY_DELIVERY, 4096, USER, disk());
      assertEquals(full != expected, fits, () -> "whether the kernel let it be stored: " + full);
    }
  }

  /** The first mail of an mbox, in a spool of this mode: which group local(8) has there. */
  @ParameterizedTest
  @CsvSource({
    "EXT4, 2775, 41900, 41900",
    "EXT4, 0775, 41900, 41900",
    "EXT4, 1777, 41500, 41500",
    "EXT4, 3777, 41500, 41900",
    "XFS_USER_AND_GROUP, 2775, 41900, 41900",
    "XFS_USER_AND_GROUP, 1777, 41500, 41500",
  })
  void mbox_thatIsMade_hasTheGroupOfWhoMakesIt(Kind kind, String mode, long with, long expected) {
    prepare(kind, mode);
    use(SPOOL + "/%u");
    StoreUser writer = with == OTHER ? WITH_OTHER : USER;
    for (long full : new long[] {USER.gid(), OTHER}) {
      fillUp(full);
      assertEquals(full == expected ? Verdict.REFUSE : Verdict.ACCEPT, ask());
      long size = 1 + Kernel.ADDED_BY_DELIVERY;
      assertEquals(full != expected, stores.letsDeliver(MAIL, size, 4096, writer, disk()));
      Guest.must("rm -f " + MAIL);
    }
  }

  /**
   * One that exists keeps its group, whoever writes to it. XFS wants room in the group of the lock
   * file beside it, too.
   */
  @ParameterizedTest
  @CsvSource({
    "EXT4, 2775, 41500",
    "EXT4, 1777, 41900",
    "XFS_USER_AND_GROUP, 1777, 41900",
  })
  void mbox_thatExists_isChargedToItsOwnGroup(Kind kind, String mode, long expected) {
    prepare(kind, mode);
    use(SPOOL + "/%u");
    StoreUser owner = expected == OTHER ? WITH_OTHER : USER;
    StoreUser writer = expected == OTHER ? USER : WITH_OTHER;
    for (long full : new long[] {USER.gid(), OTHER}) {
      stores.fill(MAIL, 4096, owner);
      fillUp(full);
      boolean hasRoom = full != expected && !kind.isXfs();
      assertEquals(hasRoom ? Verdict.ACCEPT : Verdict.REFUSE, ask());
      long size = 1 + Kernel.ADDED_BY_DELIVERY;
      assertEquals(hasRoom, stores.letsDeliver(MAIL, size, 4096, writer, disk()));
      limit(full, Limits.NONE);
    }
  }

  @Test
  void check_showsTheGroupThatCounts() {
    prepare(Kind.EXT4, "2775");
    use(SPOOL + "/%u");
    fillUp(OTHER);
    Guest.Result check = Check.run(USER.name(), "--explain");
    assertEquals(1, check.status(), check::text);
    assertTrue(check.out().contains("Mail there belongs to group 41900."), check::text);
    JsonObject filesystem = Check.mailboxFilesystem(Check.json(USER.name()));
    boolean isShown =
        Check.objects(filesystem.getArray("quotas")).stream()
            .anyMatch(
                quota -> quota.getString("type").equals("group") && quota.getInt("id") == OTHER);
    assertTrue(isShown, filesystem::toString);
  }

  /** What the daemon counts is the group that the real local(8) gives to the first mail. */
  @ParameterizedTest
  @CsvSource({
    "2775, 41900",
    "0775, 41900",
    "0755, 41500",
    "2755, 41500",
    "1777, 41500",
    "3777, 41900",
  })
  void mbox_ofPostfix_hasTheGroupThatIsCounted(String mode, long expected) {
    prepare(Kind.EXT4, mode);
    use(SPOOL + "/%u");
    for (long full : new long[] {USER.gid(), OTHER}) {
      fillUp(full);
      assertEquals(full == expected ? Verdict.REFUSE : Verdict.ACCEPT, ask());
    }
    limit(OTHER, Limits.NONE);
    LocalMail.start();
    try {
      LocalMail.storeIn(SPOOL);
      assertEquals("sent", LocalMail.deliver(USER.name()));
      assertEquals(expected + "\n", Guest.must("stat -c %g " + MAIL));
      assertEquals(USER.uid() + "\n", Guest.must("stat -c %u " + MAIL));
    } finally {
      LocalMail.stop();
    }
  }
}
