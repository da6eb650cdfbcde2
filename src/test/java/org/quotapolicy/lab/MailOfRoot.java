// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.util.List;
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
 * Mail that local(8) of the real Postfix stores as root: that for root, and the first one of an
 * mbox in a spool that only root may write to.
 */
class MailOfRoot {
  private static final long KIB = 1024;

  /** As a unit does whose CapabilityBoundingSet= lacks it: Debian 13's. */
  private static final String WITHOUT_CAPABILITY =
      "setpriv --bounding-set -sys_resource,-fowner postfix start";

  private static final StoreUser USER = StoreUser.ALL.get(0);

  /** Root, with group and project of the spool. */
  private static final StoreUser ROOT = new StoreUser("root", 0, 41_900, USER.project());

  private static final String SPOOL = StoreDisk.SPOOL;

  private static ConfiguredDaemon daemon;
  private static Stores stores;
  private static @Nullable StoreDisk disk;

  @BeforeAll
  static void start() {
    StoreUser.addAll();
    stores = new Stores();
    daemon = ConfiguredDaemon.start();
    startPostfix("");
  }

  @AfterAll
  static void stop() {
    LocalMail.stop();
    daemon.close();
    Objects.requireNonNull(disk).close();
    stores.close();
  }

  private static void startPostfix(String how) {
    LocalMail.start(how);
    LocalMail.storeIn(SPOOL);
  }

  private static void use(String template) {
    daemon.use("mailbox = " + template + "\n");
  }

  /** An empty spool of this mode, and root, its group and its project using something. */
  private static void prepare(Kind kind, String mode) {
    disk = StoreDisk.ofKind(kind, disk);
    relieve();
    disk.makeSpool(ROOT.gid(), mode);
    Guest.must(
        kind.isXfs()
            ? "xfs_io -c 'chproj %d' -c 'chattr +P' %s".formatted(ROOT.project(), SPOOL)
            : "chattr -p %d +P %s".formatted(ROOT.project(), SPOOL));
    stores.fill(SPOOL + "/other", 64 * KIB, ROOT);
    use(SPOOL + "/%u");
  }

  private static void relieve() {
    for (int type : List.of(StoreDisk.USER, StoreDisk.GROUP, StoreDisk.PROJECT)) {
      limit(type, id(type, ROOT), Limits.NONE);
      limit(type, id(type, USER), Limits.NONE);
    }
  }

  private static void limit(int type, long id, Limits limits) {
    stores.limit(device(), type, id, limits);
  }

  private static String device() {
    return Objects.requireNonNull(disk).device();
  }

  private static long id(int type, StoreUser user) {
    return Objects.requireNonNull(disk).kind().id(type, user);
  }

  /** No room at all is left. */
  private static void fillUp(int type) {
    long used = stores.usage(device(), type, id(type, ROOT)).space();
    assertTrue(used > 0, "nothing used");
    limit(type, id(type, ROOT), Limits.hardSpace(used));
  }

  private static Verdict ask(String user) {
    return Policy.askOnce(user, 0).verdict();
  }

  /** Whether a mbox or a Maildir; nothing of root's is refused where the quotas are the VFS's. */
  @ParameterizedTest
  @CsvSource({"0, 2775", "1, 2775", "2, 2775", "0, 0755", "1, 3777"})
  void mailForRoot_onExt4_passesEveryQuota(int type, String mode) {
    prepare(Kind.EXT4_PROJECT, mode);
    fillUp(type);
    assertEquals("sent", LocalMail.deliver("root"));
    assertTrue(Guest.run("test", "-s", SPOOL + "/root").status() == 0, "no mbox");
    Guest.must("rm " + SPOOL + "/root");
    assertEquals(Verdict.ACCEPT, ask("root"));
  }

  @Test
  void mailForRoot_inMaildirOnExt4_passesAllQuotas() {
    prepare(Kind.EXT4_PROJECT, "2775");
    use(SPOOL + "/%u/");
    LocalMail.configure("mail_spool_directory=%s/".formatted(SPOOL));
    try {
      for (int type : List.of(StoreDisk.USER, StoreDisk.GROUP, StoreDisk.PROJECT)) {
        fillUp(type);
      }
      assertEquals("sent", LocalMail.deliver("root"));
      assertEquals(Verdict.ACCEPT, ask("root"));
      assertExplained();
    } finally {
      LocalMail.configure("mail_spool_directory=" + SPOOL);
    }
  }

  private static void assertExplained() {
    JsonObject check = Check.json("root", "--explain");
    assertEquals("accept", check.getString("verdict"), check::toString);
    assertEquals("root", check.getString("reason"), check::toString);
    String steps = check.getArray("explanation").toString();
    assertTrue(steps.contains("CAP_SYS_RESOURCE"), steps);
  }

  /** XFS holds root to the quotas of others than id 0. */
  @ParameterizedTest
  @CsvSource({"0, 2775, sent", "1, 2775, bounced", "1, 2755, bounced", "2, 2775, deferred"})
  void mailForRoot_onXfs_isHeldToGroupAndProject(int type, String mode, String expected) {
    prepare(Kind.XFS_PROJECT, mode);
    fillUp(type);
    Verdict verdict = ask("root");
    assertEquals(expected, LocalMail.deliver("root"));
    assertEquals(expected.equals("sent") ? Verdict.ACCEPT : Verdict.REFUSE, verdict);
  }

  /** Made by root, who needs the room that XFS wants; the user needs but that of the message. */
  @ParameterizedTest
  @CsvSource({
    "XFS_PROJECT,  0755, 100, sent",
    "XFS_PROJECT,  0755, 0,   bounced",
    "XFS_PROJECT,  2775, 100, bounced",
    "EXT4_PROJECT, 0755, 4,   sent",
    "EXT4_PROJECT, 0755, 0,   bounced",
  })
  void firstMail_inSpoolOfRoot_needsRoomForItself(
      Kind kind, String mode, long kib, String expected) {
    prepare(kind, mode);
    stores.fill(StoreDisk.MOUNT_POINT + "/some", 64 * KIB, USER);
    long used = stores.usage(device(), StoreDisk.USER, USER.uid()).space();
    limit(StoreDisk.USER, USER.uid(), Limits.hardSpace(used + kib * KIB));
    Verdict verdict = ask(USER.name());
    assertEquals(expected, LocalMail.deliver(USER.name()));
    assertEquals(expected.equals("sent") ? Verdict.ACCEPT : Verdict.REFUSE, verdict);
  }

  /** Where Postfix's unit withholds the capability, all is as for others. */
  @Test
  void mailOfRoot_withoutCapability_isHeldToQuotas() {
    LocalMail.stop();
    startPostfix(WITHOUT_CAPABILITY);
    try {
      for (int type : List.of(StoreDisk.USER, StoreDisk.GROUP, StoreDisk.PROJECT)) {
        prepare(Kind.EXT4_PROJECT, "2775");
        fillUp(type);
        assertEquals("bounced", LocalMail.deliver("root"), "type " + type);
      }
      assertEquals("bounced", deliverWithoutInode(Kind.EXT4_PROJECT));
      assertEquals("0\n", Guest.must("stat -c %u " + SPOOL + "/" + USER.name()));
      assertEquals("deferred", LocalMail.deliver(USER.name()));
      assertEquals("bounced", deliverWithoutInode(Kind.XFS_PROJECT));
    } finally {
      LocalMail.stop();
      startPostfix("");
    }
  }

  /** The user is refused though root could give him the inode: with less privilege he could not. */
  @ParameterizedTest
  @CsvSource({"EXT4_PROJECT", "XFS_PROJECT"})
  void firstMail_inSpoolOfRoot_isTakenToNeedAnInode(Kind kind) {
    assertEquals("sent", deliverWithoutInode(kind));
  }

  private static String deliverWithoutInode(Kind kind) {
    prepare(kind, "0755");
    stores.fill(StoreDisk.MOUNT_POINT + "/some", 64 * KIB, USER);
    long inodes = stores.usage(device(), StoreDisk.USER, USER.uid()).inodes();
    limit(StoreDisk.USER, USER.uid(), new Limits(0, 0, 0, inodes, "-", "-"));
    assertEquals(Verdict.REFUSE, ask(USER.name()));
    return LocalMail.deliver(USER.name());
  }
}
