// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountInfo;
import org.quotapolicy.mailbox.MailboxPath.Form;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.system.FileGroup;
import org.quotapolicy.system.FileProject;
import org.quotapolicy.system.FileSpace;
import org.quotapolicy.system.XfsGeometry;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Unknown;

class MailboxTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final Need MESSAGE = Need.ofMessage(1);
  private static final MountTable MOUNTS =
      table(
          """
          20 1 8:1 / / rw - ext4 /dev/sda1 rw
          30 20 8:2 / /home rw - ext4 /dev/sda2 rw
          31 20 8:3 / /xfs rw - xfs /dev/sda3 rw
          32 20 8:2 /full /bound rw - ext4 /dev/sda2 rw
          40 20 0:40 / /net rw - nfs4 server:/export rw
          41 20 0:41 / /old rw - nfs [::1]:/export rw
          42 20 0:42 / /fuse rw - fuse.sshfs host:/ rw
          50 20 0:50 / /auto rw - autofs /etc/auto.home rw
          60 20 0:60 / /over rw - overlay overlay rw,upperdir=/home/upper
          61 20 0:61 / /crypt rw - ecryptfs /home/.crypt rw
          62 20 0:62 / /au rw - aufs none rw
          63 20 0:63 / /mem rw - tmpfs none rw
          64 20 0:64 / /butter rw - btrfs /dev/sdb rw
          """);

  private static final ResourceQuota FULL = new ResourceQuota(8192, 0, 8192, 0);
  private static final ResourceQuota ROOMY = new ResourceQuota(0, 0, 8192, 0);
  private static final ResourceQuota AT_EXPIRY =
      new ResourceQuota(8192, 4096, 0, NOW.getEpochSecond());

  /** Space full on /home, room on /, grace expiring this second on /xfs. */
  private static final List<FilesystemQuotas> QUOTAS =
      List.of(quotas(1, ROOMY), quotas(2, FULL), quotas(3, AT_EXPIRY));

  private static final FileSpace.Reply ABSENT = new FileSpace.Reply.Failed(2);
  private static final XfsLayout LAYOUT = mount -> Optional.empty();

  private static final Projects PROJECTS =
      new Projects(
          (mount, path) -> new FileProject.Reply.Failed(13), new ProjectFile(Path.of("/nowhere")));

  private static final Groups GROUPS = new Groups((mount, path) -> new FileGroup.Reply.Failed(13));

  private final Mailbox mailbox =
      mailbox(() -> MOUNTS, new FakeLinks().with("/home/link", "-> /xfs/x"));

  private static Mailbox mailbox(MountSource mounts, LinkReader links) {
    return mailbox(mounts, links, new BlockSizes(path -> 4096), LAYOUT);
  }

  private static Mailbox mailbox(
      MountSource mounts, LinkReader links, BlockSizes sizes, XfsLayout layout) {
    return new Mailbox(
        mounts, links, new Geometry(sizes, layout), path -> ABSENT, PROJECTS, GROUPS);
  }

  /** One that finds out in these ways which project and which group mail belongs to. */
  private static Mailbox mailbox(Projects projects, Groups groups) {
    Geometry geometry = new Geometry(new BlockSizes(path -> 4096), LAYOUT);
    return new Mailbox(() -> MOUNTS, new FakeLinks(), geometry, path -> ABSENT, projects, groups);
  }

  /** In his home, as a Maildir. */
  private static Judged judge(Mailbox mailbox, UserQuotas user, Need need, Instant now) {
    Judgement judgement =
        mailbox.judge(AccountQuotas.of(user), Mailboxes.At.maildir(user.home() + "/"), need, now);
    assertEquals(judgement.verdict(), judgement.mailboxes().get(0).verdict());
    return judgement.mailboxes().get(0);
  }

  /** Each row: home, what the verdict says, minor number of the filesystem that counted. */
  @ParameterizedTest
  @CsvSource({
    "/home/bob,  HARD_LIMIT, 2",
    "/bound/bob, HARD_LIMIT, 2",
    "/,          ROOM,       1",
    "/var/mail,  ROOM,       1",
    "/xfs/bob,   ROOM,       3",
    "/home/link, ROOM,       3",
  })
  void home_local_isJudgedByItsFilesystem(String home, String verdict, int minor) {
    Judged judgement = judge(mailbox, user(home, QUOTAS), MESSAGE, NOW);
    assertEquals(verdict, word(judgement.verdict()));
    assertEquals(minor, judgement.counted().orElseThrow().minor());
    assertEquals(minor, ((Place.Local) judgement.place()).mount().minor());
  }

  /** The same numbers on ext4: there the soft limit binds one second earlier. */
  @Test
  void graceExpiry_onExt4_bindsAtItsMoment() {
    UserQuotas user = user("/home/bob", List.of(quotas(2, AT_EXPIRY)));
    assertEquals("GRACE_EXPIRED", word(judge(mailbox, user, MESSAGE, NOW).verdict()));
    Instant before = NOW.minusSeconds(1);
    assertEquals("ROOM", word(judge(mailbox, user, MESSAGE, before).verdict()));
  }

  /** Also where the layout is not known: then what any layout takes. */
  @Test
  void xfs_lessRoomThanCreationTakes_refusesTheSmallestMessage() {
    XfsLayout known =
        mount -> Optional.of(new XfsGeometry(4096, 32768, 512, 4096, true, true, false, false));
    for (XfsLayout layout : List.of(known, LAYOUT)) {
      Mailbox there = mailbox(() -> MOUNTS, new FakeLinks(), new BlockSizes(path -> 4096), layout);
      long reserve =
          XfsCreation.bytes(layout.of(MOUNTS.mounts().get(2)).orElse(XfsCreation.least(4096)));
      ResourceQuota less = new ResourceQuota(0, 0, reserve - 1, 0);
      ResourceQuota enough = new ResourceQuota(0, 0, reserve, 0);
      assertEquals("HARD_LIMIT", word(judge(there, onXfs(less), MESSAGE, NOW).verdict()));
      assertEquals("ROOM", word(judge(there, onXfs(enough), MESSAGE, NOW).verdict()));
    }
  }

  /** A message in a Maildir is linked when it is written, one in an mbox is not. */
  @Test
  void xfs_parentPointers_wantRoomToLinkAMessageInAMaildir() {
    XfsGeometry parents = new XfsGeometry(4096, 32768, 512, 4096, true, true, false, true);
    XfsLayout layout = mount -> Optional.of(parents);
    Mailbox there = mailbox(() -> MOUNTS, new FakeLinks(), new BlockSizes(path -> 4096), layout);
    Need message = Need.ofMessage((200 << 10) - Need.ADDED_BY_DELIVERY);
    long room = XfsCreation.linkBytes(parents) + (200 << 10);
    ResourceQuota less = new ResourceQuota(0, 0, room - 1, 0);
    ResourceQuota enough = new ResourceQuota(0, 0, room, 0);
    assertEquals("HARD_LIMIT", word(judge(there, onXfs(less), message, NOW).verdict()));
    assertEquals("ROOM", word(judge(there, onXfs(enough), message, NOW).verdict()));
  }

  /** It means to open the filesystem; what could not be told may be told later. */
  @Test
  void xfs_layout_isAskedOnceItIsTold() {
    XfsGeometry told = new XfsGeometry(4096, 32768, 512, 4096, true, true, false, false);
    List<Mount> asked = new ArrayList<>();
    XfsLayout layout =
        mount -> {
          asked.add(mount);
          return asked.size() == 1 ? Optional.empty() : Optional.of(told);
        };
    Mailbox there = mailbox(() -> MOUNTS, new FakeLinks(), new BlockSizes(path -> 4096), layout);
    for (int i = 0; i < 4; i++) {
      judge(there, onXfs(FULL), MESSAGE, NOW);
    }
    assertEquals(2, asked.size());
  }

  private static UserQuotas onXfs(ResourceQuota space) {
    return user("/xfs/bob", List.of(quotas(3, space)));
  }

  @Test
  void home_onFilesystemWithoutQuota_isAccepted() {
    Judged judgement = judge(mailbox, user("/home/bob", List.of(quotas(1, FULL))), MESSAGE, NOW);
    assertEquals(new Accept(Accept.Reason.NO_QUOTA), judgement.verdict());
    assertEquals(Optional.empty(), judgement.counted());
  }

  /** Each row: home, device that nothing was said about though it may have quotas. */
  @ParameterizedTest
  @CsvSource({
    "/home/bob,   ",
    "/xfs/bob,    8:3",
    "/home/link,  8:3",
    "/mem/bob,    0:63",
    "/butter/bob, ",
    "/over/bob,   ",
    "/net/bob,    ",
  })
  void home_onFilesystemNotAsked_isTold(String home, @Nullable String device) {
    Judged judgement = judge(mailbox, user(home, List.of(quotas(2, FULL))), MESSAGE, NOW);
    String unasked =
        judgement.unasked().map(Unasked::device).map(d -> d.major() + ":" + d.minor()).orElse(null);
    assertEquals(device, unasked);
  }

  /** A message of 1 KiB on a filesystem with 1 KiB left: it depends on the size of a block. */
  @ParameterizedTest
  @CsvSource({"0, HARD_LIMIT", "512, ROOM", "1024, ROOM", "2048, HARD_LIMIT", "4096, HARD_LIMIT"})
  void need_isRoundedToBlocks(int blockSize, String verdict) {
    Mailbox sized =
        mailbox(() -> MOUNTS, new FakeLinks(), new BlockSizes(path -> blockSize), LAYOUT);
    ResourceQuota almostFull = new ResourceQuota(7 * 1024, 0, 8 * 1024, 0);
    UserQuotas user = user("/home/bob", List.of(quotas(2, almostFull)));
    assertEquals(verdict, word(judge(sized, user, new Need(1024, 1), NOW).verdict()));
  }

  @Test
  void blockSize_ofMountThatCouldBlock_isNotAsked() throws IOException {
    List<String> asked = new ArrayList<>();
    BlockSizes sizes =
        new BlockSizes(
            path -> {
              asked.add(path);
              return 1024;
            });
    Mailbox sized = mailbox(() -> MOUNTS, new FakeLinks(), sizes, LAYOUT);
    assertEquals(1024, sized.blockSize(MOUNTS.byDevice(new Device(8, 2)).orElseThrow()));
    assertEquals(0, sized.blockSize(MOUNTS.byDevice(new Device(0, 40)).orElseThrow()));
    assertEquals(0, sized.blockSize(MOUNTS.byDevice(new Device(0, 42)).orElseThrow()));
    assertEquals(List.of("/home"), asked);
  }

  @ParameterizedTest
  @CsvSource({
    "/net/bob,  'home is on NFS server:/export, whose quota only the server can tell'",
    "/old/bob,  'home is on NFS [::1]:/export, whose quota only the server can tell'",
    "/fuse/bob, 'home is on fuse.sshfs host:/, whose quota cannot be asked'",
    "/auto/bob, 'home is below /auto, where autofs has mounted nothing'",
    "/over/bob, 'home is on overlay /over, whose quotas are those of another filesystem'",
    "/crypt/x,  'home is on ecryptfs /crypt, whose quotas are those of another filesystem'",
    "/au/bob,   'home is on aufs /au, whose quotas are those of another filesystem'",
    "bob,       'home could not be located: not an absolute path: \"bob/\"'",
  })
  void home_elsewhere_isUnknown(String home, String reason) {
    Judged judgement = judge(mailbox, user(home, QUOTAS), MESSAGE, NOW);
    assertEquals(new Unknown(reason), judgement.verdict());
    assertEquals(Optional.empty(), judgement.counted());
  }

  /** Two names of a mailbox, none of them in the home, and one that may not be entered. */
  @ParameterizedTest
  @CsvSource({
    "/net/%u,     'mailbox /net/%u is on NFS server:/export, whose quota only the server can tell'",
    "/auto/x/,    'mailbox /auto/x/ is below /auto, where autofs has mounted nothing'",
    "/hidden/x/,  'mailbox /hidden/x/ could not be located: /hidden/x may not be looked at"
        + " (EACCES): the directories above it must be searchable (x)'",
  })
  void mailbox_elsewhere_isUnknown(String path, String reason) {
    Mailbox there = mailbox(() -> MOUNTS, new FakeLinks().with("/hidden/x", "EACCES"));
    assertEquals(new Unknown(reason), judgeAt(there, path, QUOTAS).verdict());
  }

  /** Most homes and Maildirs are closed to others; a home that is a link elsewhere is not. */
  @ParameterizedTest
  @CsvSource({
    "/home/bob,  /home/bob/Maildir/, HARD_LIMIT",
    "/home/bob,  /home/bob/mbox,     HARD_LIMIT",
    "/home/link, /home/link/mbox,    ROOM",
  })
  void mailbox_hiddenInHome_isWhereItSeems(String home, String path, String verdict) {
    FakeLinks links =
        new FakeLinks()
            .with("/home/link", "-> /xfs/x")
            .with("/xfs/x/mbox", "EACCES")
            .with("/home/bob/Maildir", "EACCES")
            .with("/home/bob/mbox", "EACCES");
    Mailboxes at = new Mailboxes.At(List.of(new MailboxPath(path, path.endsWith("/"))));
    UserQuotas user = user(home, QUOTAS);
    Judgement judgement =
        mailbox(() -> MOUNTS, links).judge(AccountQuotas.of(user), at, MESSAGE, NOW);
    assertEquals(verdict, word(judgement.verdict()));
  }

  @Test
  void home_hidden_isUnknown() {
    Mailbox there = mailbox(() -> MOUNTS, new FakeLinks().with("/home/bob", "EACCES"));
    Verdict verdict = judge(there, user("/home/bob", QUOTAS), MESSAGE, NOW).verdict();
    assertTrue(verdict.toString().contains("/home/bob may not be looked at"), verdict.toString());
  }

  /**
   * Each row: filesystem, what is free there in bytes, size and space of the mbox, or why that
   * cannot be told, and the verdict for a message that takes 1,025 bytes.
   */
  @ParameterizedTest
  @CsvSource({
    "/home, 0,    4095,   4096, HARD_LIMIT",
    "/home, 0,    3072,   4096, HARD_LIMIT",
    "/home, 0,    3071,   4096, ROOM",
    "/home, 4095, 4096,   4096, HARD_LIMIT",
    "/home, 4096, 4096,   4096, ROOM",
    "/home, 0,    0,      0,    HARD_LIMIT",
    "/home, 4096, 0,      0,    ROOM",
    "/home, 0,    4096,  65536, HARD_LIMIT",
    "/xfs,  0,    4096,  65536, ROOM",
    "/xfs,  4096, 4096,   4096, ROOM",
    "/xfs,  0,    4096,   4096, HARD_LIMIT",
    "/xfs,  4096, ENOENT, 2,    HARD_LIMIT",
    "/home, 4096, ENOENT, 2,    ROOM",
    "/home, 4096, EACCES, 13,   ROOM",
    "/home, 0,    EACCES, 13,   HARD_LIMIT",
    "/xfs,  4096, EACCES, 13,   ROOM",
  })
  void mbox_takesWhatItsLastBlockLacks(
      String mountPoint, long free, String size, long space, String verdict) {
    FileSpace.Reply reply =
        size.startsWith("E")
            ? new FileSpace.Reply.Failed((int) space)
            : new FileSpace.Reply.File(Long.parseLong(size), space);
    Geometry geometry = new Geometry(new BlockSizes(path -> 4096), LAYOUT);
    Mailbox there =
        new Mailbox(() -> MOUNTS, new FakeLinks(), geometry, path -> reply, PROJECTS, GROUPS);
    ResourceQuota numbers = new ResourceQuota(8192, 0, 8192 + free, 0);
    Judgement judgement =
        judgeAt(there, mountPoint + "/mbox", List.of(quotas(2, numbers), quotas(3, numbers)));
    assertEquals(verdict, word(judgement.verdict()));
  }

  /**
   * Before XFS refuses, it takes back what the mbox has beyond its end, here 252 KiB. Each row:
   * path, soft and hard limit in KiB where 8,192 are used, verdict.
   */
  @ParameterizedTest
  @CsvSource({
    "/xfs/mbox,  8188, 0,     ROOM", // the timer ends
    "/xfs/mbox,  7900, 0,     GRACE_EXPIRED",
    "/xfs/mbox,  8188, 16384, GRACE_EXPIRED", // not nearly full
    "/xfs/mbox,  0,    8192,  HARD_LIMIT", // all of the message is needed then
    "/xfs/mbox,  0,    8448,  ROOM",
    "/home/mbox, 8188, 0,     GRACE_EXPIRED",
  })
  void mbox_onXfs_isJudgedAsAfterItsEndIsTakenBack(
      String path, long soft, long hard, String verdict) {
    Geometry geometry = new Geometry(new BlockSizes(file -> 4096), LAYOUT);
    FileSpace.Reply reply = new FileSpace.Reply.File(4096, 256 << 10);
    Mailbox there =
        new Mailbox(() -> MOUNTS, new FakeLinks(), geometry, file -> reply, PROJECTS, GROUPS);
    ResourceQuota numbers = new ResourceQuota(8192 << 10, soft << 10, hard << 10, 1);
    List<FilesystemQuotas> quotas = List.of(quotas(2, numbers), quotas(3, numbers));
    AccountQuotas account = told("/root", quotas);
    Mailboxes mbox = new Mailboxes.At(List.of(new MailboxPath(path, false)));
    Need message = Need.ofMessage(500 << 10);
    assertEquals(verdict, word(there.judge(account, mbox, message, NOW).verdict()));
  }

  /** Who has no inode left can still get mail into an mbox, and not into a Maildir. */
  @Test
  void mbox_thatExists_takesNoInode() {
    Quota noInode =
        new Quota(
            QuotaType.USER, 1000, QuotaState.ENFORCED, 0, ROOMY, new ResourceQuota(5, 0, 5, 0));
    List<FilesystemQuotas> quotas = List.of(new FilesystemQuotas(8, 2, List.of(noInode)));
    Geometry geometry = new Geometry(new BlockSizes(path -> 4096), LAYOUT);
    Mailbox there =
        new Mailbox(
            () -> MOUNTS,
            new FakeLinks(),
            geometry,
            path -> new FileSpace.Reply.File(1, 4096),
            PROJECTS,
            GROUPS);
    assertEquals("ROOM", word(judgeAt(there, "/home/mbox", quotas).verdict()));
    assertEquals("HARD_LIMIT", word(judgeAt(there, "/home/mail/", quotas).verdict()));
  }

  @Test
  void severalMailboxes_refuseIfOneDoes() {
    UserQuotas user = user("/home/bob", QUOTAS);
    Mailboxes both = at("/root/", "/home/bob/");
    Judgement judgement = mailbox.judge(AccountQuotas.of(user), both, MESSAGE, NOW);
    assertEquals("HARD_LIMIT", word(judgement.verdict()));
    assertEquals("/home/bob/", judgement.refusing().orElseThrow().path());
    Judgement told = mailbox.judge(AccountQuotas.of(user), at("/root/", "/net/x/"), MESSAGE, NOW);
    assertTrue(told.verdict() instanceof Unknown);
    assertTrue(told.refusing().isEmpty());
    assertEquals(
        "ROOM",
        word(
            mailbox.judge(AccountQuotas.of(user), at("/proc/", "/root/"), MESSAGE, NOW).verdict()));
  }

  /**
   * Each row: mailboxes, what is free in KiB, without the room that XFS wants to make a file, and
   * the verdict for a message that takes 1,025 bytes, one block, in each.
   */
  @ParameterizedTest
  @CsvSource({
    "/home/a/ /home/b/,           8, ROOM",
    "/home/a/ /home/b/,           7, HARD_LIMIT",
    "/home/a/ /bound/b/,          4, HARD_LIMIT",
    "/home/a/ /root/b/,           4, ROOM",
    "/home/a/ /root/b/ /home/c/,  4, HARD_LIMIT",
    "/home/a/ /root/b/ /home/c/,  8, ROOM",
    "/home/a /home/b/,            4, HARD_LIMIT",
    "/xfs/a/ /xfs/b/,             4, ROOM",
    "/xfs/a/ /xfs/b/,             3, HARD_LIMIT",
    "/xfs/a/ /xfs/b/ /xfs/c/,     8, ROOM",
    "/xfs/a/ /xfs/b/ /xfs/c/,     7, HARD_LIMIT",
  })
  void severalMailboxes_onOneFilesystem_takeTogether(String paths, long kib, String verdict) {
    long reserve = paths.startsWith("/xfs") ? XfsCreation.bytes(XfsCreation.least(4096)) : 0;
    ResourceQuota numbers = new ResourceQuota(8192, 0, 8192 + reserve + kib * 1024, 0);
    List<FilesystemQuotas> quotas =
        List.of(quotas(1, numbers), quotas(2, numbers), quotas(3, numbers));
    Mailboxes all = at(paths.split(" ", -1));
    Judgement judgement = mailbox.judge(told("/home/bob", quotas), all, MESSAGE, NOW);
    assertEquals(verdict, word(judgement.verdict()));
    judgement
        .refusing()
        .ifPresent(last -> assertEquals(paths.substring(paths.lastIndexOf(' ') + 1), last.path()));
  }

  /** Each takes an inode; with a grace period of 0, one block of all together may pass. */
  @Test
  void severalMailboxes_shareInodesAndGrace() {
    ResourceQuota one = new ResourceQuota(5, 0, 6, 0);
    Quota lastInode = new Quota(QuotaType.USER, 1000, QuotaState.ENFORCED, 0, ROOMY, one);
    ResourceQuota atSoft = new ResourceQuota(8192, 8192, 0, 0).withoutGrace(true);
    Quota lastBlock =
        new Quota(QuotaType.USER, 1000, QuotaState.ENFORCED, 0, atSoft, ResourceQuota.NONE);
    for (Quota last : List.of(lastInode, lastBlock)) {
      AccountQuotas user = told("/home/bob", List.of(new FilesystemQuotas(8, 2, List.of(last))));
      assertEquals("ROOM", word(mailbox.judge(user, at("/home/a/"), MESSAGE, NOW).verdict()));
      Judgement both = mailbox.judge(user, at("/home/a/", "/home/b/"), MESSAGE, NOW);
      assertTrue(both.verdict() instanceof Refuse, both::toString);
    }
  }

  /** Of a server's filesystem, too. */
  @Test
  void severalMailboxes_onOneServer_takeTogether() {
    Mailboxes both = at("/net/a/", "/net/b/");
    Judgement judgement = mailbox.judge(told("/home/bob", QUOTAS), both, MESSAGE, NOW);
    for (long kib = 7; kib <= 8; kib++) {
      ResourceQuota numbers = new ResourceQuota(0, 0, kib * 1024, 0);
      Quota quota =
          new Quota(QuotaType.USER, 1, QuotaState.ENFORCED, 0, numbers, ResourceQuota.NONE);
      NfsMount mount = judgement.nfsMounts().get(0);
      Judgement decided = judgement.told(mount, List.of(quota), Optional.empty(), NOW);
      assertEquals(kib == 8 ? "ROOM" : "HARD_LIMIT", word(decided.verdict()));
    }
  }

  /** Two mailboxes on one filesystem: each is held to the project that it is in. */
  @Test
  void project_ofEachMailbox_isItsOwn() {
    Projects byPath =
        new Projects(
            (mount, path) -> new FileProject.Reply.Known(path.equals("/home/a") ? 7 : 8),
            new ProjectFile(Path.of("/nowhere")));
    Mailbox there = mailbox(byPath, GROUPS);
    Unasked seven = inProject(7);
    Unasked eight = inProject(8);
    AccountQuotas first = told("/home/bob", List.of(withProject(Quota.unasked(0))));
    Judgement none = there.judge(first, at("/home/a/", "/home/b/"), MESSAGE, NOW);
    assertEquals(List.of(seven, eight), none.unasked());

    AccountQuotas second = first.and(user(withProject(project(7, ROOMY))), seven);
    Judgement one = there.judge(second, at("/home/a/", "/home/b/"), MESSAGE, NOW);
    assertEquals(List.of(eight), one.unasked());

    AccountQuotas third = second.and(user(withProject(project(8, FULL))), eight);
    Judgement both = there.judge(third, at("/home/a/", "/home/b/"), MESSAGE, NOW);
    assertEquals("HARD_LIMIT", word(both.verdict()));
    assertEquals("/home/b/", both.refusing().orElseThrow().path());
    assertEquals("ROOM", word(there.judge(third, at("/home/a/"), MESSAGE, NOW).verdict()));
    assertEquals("HARD_LIMIT", word(there.judge(third, at("/home/b/"), MESSAGE, NOW).verdict()));
  }

  /** The second look at a refusal asks by the number what was asked by the inode before. */
  @Test
  void project_thatIsAskedAboutAgain_isTheSame() {
    Unasked byInode = new Unasked(new Device(8, 2), new Project.OfInode(96));
    AccountQuotas full =
        told("/home/bob", List.of(withProject(Quota.unasked(0))))
            .and(user(withProject(project(7, FULL))), byInode);
    assertEquals(Optional.of(project(7, FULL)), full.project(byInode));
    AccountQuotas other = full.and(user(withProject(project(8, ROOMY))), inProject(8));
    assertEquals(Optional.of(project(7, FULL)), other.project(byInode));
    AccountQuotas again = full.and(user(withProject(project(7, ROOMY))), inProject(7));
    assertEquals(Optional.of(project(7, ROOMY)), again.project(byInode));
  }

  /**
   * Two mailboxes on one filesystem: each is held to the quota of the group its mail belongs to.
   */
  @Test
  void group_ofEachMailbox_isItsOwn() {
    Groups byPath =
        new Groups(
            (mount, path) ->
                path.startsWith("/home/a/")
                    ? new FileGroup.Reply.Known(8, 0042770)
                    : new FileGroup.Reply.Failed(2));
    Mailbox there = mailbox(PROJECTS, byPath);
    Unasked eight = Unasked.ofGroup(new Device(8, 2), 8);
    AccountQuotas first = told("/home/bob", List.of(withGroup(100, FULL)));
    Judgement alone = there.judge(first, at("/home/a/"), MESSAGE, NOW);
    assertEquals(List.of(eight), alone.unasked());
    assertTrue(alone.verdict() instanceof Unknown, alone::toString);

    AccountQuotas second = first.and(user(withGroup(8, ROOMY)), eight);
    Judgement room = there.judge(second, at("/home/a/"), MESSAGE, NOW);
    assertEquals("ROOM", word(room.verdict()));
    assertEquals(List.of(), room.unasked());
    Judgement both = there.judge(second, at("/home/a/", "/home/b/"), MESSAGE, NOW);
    assertEquals("/home/b/", both.refusing().orElseThrow().path());
    assertEquals(Optional.of(eight), room.mailboxes().get(0).again());
    AccountQuotas again = second.and(user(withGroup(8, FULL)), eight);
    assertEquals("HARD_LIMIT", word(there.judge(again, at("/home/a/"), MESSAGE, NOW).verdict()));
    assertEquals(3, again.on(again.user().filesystems().get(0)).size());
  }

  /** Where group quota only counts, or is off, nothing is looked at. */
  @Test
  void group_thatIsNotEnforced_isNotLookedFor() {
    Groups none =
        new Groups(
            (mount, path) -> {
              throw new AssertionError(path);
            });
    Mailbox there = mailbox(PROJECTS, none);
    Quota counted =
        new Quota(QuotaType.GROUP, 100, QuotaState.ACCOUNTED, 0, FULL, ResourceQuota.NONE);
    for (Quota group : List.of(counted, Quota.off(QuotaType.GROUP, 100))) {
      List<FilesystemQuotas> quotas = List.of(new FilesystemQuotas(8, 2, List.of(group)));
      assertEquals("NO_QUOTA", word(judgeAt(there, "/home/a/", quotas).verdict()));
    }
  }

  /**
   * What is stored as root passes every quota, and each that is not known, but on XFS. Each row:
   * uid, path, state of the quota, number of errno(3), verdict.
   */
  @ParameterizedTest
  @CsvSource({
    "1000, /home/a/,  ENFORCED,   0, HARD_LIMIT",
    "0,    /home/a/,  ENFORCED,   0, ROOT",
    "0,    /home/a,   ENFORCED,   0, ROOT",
    "0,    /xfs/a/,   ENFORCED,   0, HARD_LIMIT",
    "1000, /home/a/,  FAILED,     5, unknown",
    "0,    /home/a/,  FAILED,     5, ROOT",
    "0,    /xfs/a/,   FAILED,     5, unknown",
    "0,    /home/a/,  FAILED,     1, unknown",
    "0,    /home/a/,  UNASKED,    0, ROOT",
    "0,    /home/a/,  UNASKED,   13, ROOT",
    "0,    /xfs/a/,   UNASKED,    0, unknown",
    "0,    /home/a/,  ACCOUNTED,  0, NO_QUOTA",
    "0,    /home/a/,  OFF,        0, NO_QUOTA",
    "0,    /net/a/,   ENFORCED,   0, unknown",
  })
  void root_passesQuotas_butNotOnXfs(
      long uid, String path, QuotaState state, int errno, String verdict) {
    for (QuotaType type : QuotaType.values()) {
      Quota quota = new Quota(type, 8, state, errno, FULL, ResourceQuota.NONE);
      List<FilesystemQuotas> there =
          List.of(
              new FilesystemQuotas(8, 2, List.of(quota)),
              new FilesystemQuotas(8, 3, List.of(quota)));
      AccountQuotas account = AccountQuotas.of(new UserQuotas(uid, 100, "/home/a", there));
      Judgement judgement = mailbox.judge(account, at(path), MESSAGE, NOW);
      assertEquals(verdict, word(judgement.verdict()), type.word());
      assertTrue(!verdict.equals("ROOT") || judgement.unasked().isEmpty(), judgement::toString);
    }
  }

  /** On each filesystem, too; and where the others have room, that is what is said. */
  @Test
  void root_everywhere_isHeldByXfsAlone() {
    Mailboxes all = new Mailboxes.Everywhere();
    UserQuotas full = new UserQuotas(0, 0, "/root", List.of(quotas(1, FULL), quotas(3, FULL)));
    Judgement refused = mailbox.judge(AccountQuotas.of(full), all, MESSAGE, NOW);
    assertEquals("/xfs", refused.refusing().orElseThrow().path());
    UserQuotas passed = new UserQuotas(0, 0, "/root", List.of(quotas(1, FULL)));
    Judgement judgement = mailbox.judge(AccountQuotas.of(passed), all, MESSAGE, NOW);
    assertEquals("ROOT", word(judgement.verdict()));
  }

  /** Each row: mailbox, mode of its spool, verdict where all that is free is one block. */
  @ParameterizedTest
  @CsvSource({
    "/xfs/mail/bob,  40755, ROOM",
    "/xfs/mail/bob,  42775, HARD_LIMIT",
    "/home/mail/bob, 40755, ROOM",
    "/home/mail/bob, 42775, ROOM",
  })
  void mbox_thatRootGivesAway_needsWhatItHolds(String path, String mode, String verdict) {
    Groups groups =
        new Groups((mount, file) -> new FileGroup.Reply.Known(8, Integer.parseInt(mode, 8)));
    ResourceQuota oneBlock = new ResourceQuota(8192, 0, 8192 + 4096, 0);
    AccountQuotas user = told("/home/bob", List.of(quotas(2, oneBlock), quotas(3, oneBlock)));
    Mailboxes spool = new Mailboxes.At(List.of(new MailboxPath(path, Form.MBOX, true)));
    Judgement judgement = mailbox(PROJECTS, groups).judge(user, spool, MESSAGE, NOW);
    assertEquals(verdict, word(judgement.verdict()));
    assertEquals(1, judgement.mailboxes().get(0).need().inodes());
  }

  /**
   * Each row: paths of mboxes that are not there yet, filesystem, inodes and bytes that are free,
   * and the verdict.
   */
  @ParameterizedTest
  @CsvSource({
    "/home/bob/mbox,             2, 1, 9999,   HARD_LIMIT",
    "/home/bob/mbox,             2, 2, 9999,   ROOM",
    "/home/bob/a /home/bob/b,    2, 2, 9999,   HARD_LIMIT",
    "/home/bob/a /home/bob/b,    2, 3, 9999,   ROOM",
    "/xfs/bob/mbox,              3, 2, 999999, ROOM",
    "/home/bob/mbox /xfs/bob/a/, 3, 1, 999999, ROOM",
    "/xfs/bob/mbox,              3, 1, 999999, HARD_LIMIT",
  })
  void lockFile_ofEachMbox_takesAnInodeForAWhile(
      String paths, int minor, long inodes, long bytes, String verdict) {
    Mailboxes all =
        new Mailboxes.At(
            Stream.of(paths.split(" ", -1))
                .map(path -> new MailboxPath(path, form(path), false))
                .toList());
    Judgement judgement = mailbox.judge(left(minor, inodes, bytes), all, MESSAGE, NOW);
    assertEquals(verdict, word(judgement.verdict()));
  }

  private static Form form(String path) {
    return path.endsWith("/") ? Form.MAILDIR : Form.LOCKED_MBOX;
  }

  private static AccountQuotas left(int minor, long inodes, long bytes) {
    Quota quota =
        new Quota(
            QuotaType.USER,
            1000,
            QuotaState.ENFORCED,
            0,
            new ResourceQuota(4096, 0, 4096 + bytes, 0),
            new ResourceQuota(5, 0, 5 + inodes, 0));
    FilesystemQuotas there = new FilesystemQuotas(8, minor, List.of(quota));
    return told("/home/bob", minor == 2 ? List.of(there) : List.of(quotas(2, ROOMY), there));
  }

  /** It is another file than the mbox: beside a link, of a group of its own; then it is told of. */
  @Test
  void lockFile_elsewhereThanMbox_isJudgedThere() {
    FakeLinks links = new FakeLinks().with("/home/bob/mbox", "-> /xfs/mbox");
    Judgement judgement =
        mailbox(() -> MOUNTS, links)
            .judge(
                left(2, 0, 9999),
                new Mailboxes.At(
                    List.of(new MailboxPath("/home/bob/mbox", Form.LOCKED_MBOX, false))),
                MESSAGE,
                NOW);
    assertEquals("HARD_LIMIT", word(judgement.verdict()));
    assertEquals("/home/bob/mbox.lock", judgement.refusing().orElseThrow().path());
    assertEquals("/home/bob/mbox", judgement.mailboxes().get(0).path());
  }

  @Test
  void lockFile_ofAnotherGroup_isAskedAbout() {
    Groups groups =
        new Groups(
            (mount, file) ->
                switch (file) {
                  case "/home/mail" -> new FileGroup.Reply.Known(8, 042775);
                  case "/home/mail/bob" -> new FileGroup.Reply.Known(100, 0100600);
                  default -> new FileGroup.Reply.Failed(2);
                });
    Mailboxes spool =
        new Mailboxes.At(List.of(new MailboxPath("/home/mail/bob", Form.LOCKED_MBOX, true)));
    Judgement judgement =
        mailbox(PROJECTS, groups)
            .judge(AccountQuotas.of(user(withGroup(100, ROOMY))), spool, MESSAGE, NOW);
    assertEquals(List.of(Unasked.ofGroup(new Device(8, 2), 8)), judgement.unasked());
  }

  /** On a server nothing is looked at, and in a spool there it may be root's. */
  @ParameterizedTest
  @CsvSource({"false, 0, HARD_LIMIT", "false, 1, ROOM", "true, 0, ROOM"})
  void lockFile_onServer_isItsInode(boolean isInSpool, long inodes, String verdict) {
    MailboxPath mbox = new MailboxPath("/net/bob", Form.LOCKED_MBOX, isInSpool);
    Judgement local =
        mailbox.judge(told("/net", List.of()), new Mailboxes.At(List.of(mbox)), MESSAGE, NOW);
    Quota quota =
        new Quota(
            QuotaType.USER,
            1000,
            QuotaState.ENFORCED,
            0,
            ResourceQuota.NONE,
            new ResourceQuota(5, 0, 5 + inodes, 0));
    Judgement told = local.told(local.nfsMounts().get(0), List.of(quota), Optional.empty(), NOW);
    assertEquals(verdict, word(told.verdict()));
    assertEquals(verdict.equals("ROOM") ? 1 : 2, told.mailboxes().size());
  }

  private static FilesystemQuotas withGroup(long id, ResourceQuota space) {
    Quota group = new Quota(QuotaType.GROUP, id, QuotaState.ENFORCED, 0, space, ResourceQuota.NONE);
    return new FilesystemQuotas(8, 2, List.of(Quota.off(QuotaType.USER, 1000), group));
  }

  private static UserQuotas user(FilesystemQuotas there) {
    return user("/home/bob", List.of(there));
  }

  private static Unasked inProject(long id) {
    return new Unasked(new Device(8, 2), new Project.Numbered(id));
  }

  private static FilesystemQuotas withProject(Quota project) {
    return new FilesystemQuotas(8, 2, List.of(Quota.off(QuotaType.USER, 1000), project));
  }

  private static Quota project(long id, ResourceQuota space) {
    return new Quota(QuotaType.PROJECT, id, QuotaState.ENFORCED, 0, space, ResourceQuota.NONE);
  }

  /** What a server says takes the place of what could not be told. */
  @Test
  void mailboxOnServer_canBeDecidedLater() {
    Mailboxes both = at("/root/", "/net/x");
    Judgement judgement = mailbox.judge(told("/home/bob", QUOTAS), both, MESSAGE, NOW);
    Judged remote = judgement.mailboxes().get(1);
    assertEquals("server:/export", ((Place.Network) remote.place()).mount().source());
    assertEquals(new Need(MESSAGE.bytes(), 0), remote.need());
    NfsMount mount = judgement.nfsMounts().get(0);
    Quota none = Quota.off(QuotaType.USER, 1);
    Judgement decided = judgement.told(mount, List.of(none), Optional.empty(), NOW);
    assertEquals("ROOM", word(decided.verdict()));
    assertEquals(List.of(none), decided.mailboxes().get(1).counted().orElseThrow().quotas());
  }

  @Test
  void everywhere_isEachFilesystemThatIsMounted() {
    List<FilesystemQuotas> quotas = List.of(quotas(1, ROOMY), quotas(9, FULL));
    Mailboxes all = new Mailboxes.Everywhere();
    Judgement room = mailbox.judge(told("/nowhere", quotas), all, MESSAGE, NOW);
    assertEquals("ROOM", word(room.verdict()));
    assertEquals(List.of("/"), room.mailboxes().stream().map(Judged::path).toList());
    assertEquals("HARD_LIMIT", word(mailbox.judge(told("/", QUOTAS), all, MESSAGE, NOW).verdict()));
    Judgement none = mailbox.judge(told("/home/bob", List.of()), all, MESSAGE, NOW);
    assertEquals("NO_QUOTA", word(none.verdict()));
  }

  /** A disk that is mounted below a server's mount, or below another mount, is not touched. */
  @Test
  void everywhere_doesNotTouchWhatIsNotReachable() {
    MountTable shadowed =
        table(
            """
            20 1 8:1 / / rw - ext4 /dev/sda1 rw
            30 20 8:2 / /home rw - ext4 /dev/sda2 rw
            31 20 0:9 / /home rw - tmpfs none rw
            """);
    Mailbox there = mailbox(() -> shadowed, new FakeLinks());
    UserQuotas user = user("/x", List.of(quotas(2, FULL)));
    Judgement judgement =
        there.judge(AccountQuotas.of(user), new Mailboxes.Everywhere(), MESSAGE, NOW);
    assertEquals(new Unknown("/home cannot be reached by its name"), judgement.verdict());
  }

  /**
   * A disk that is mounted below a server's mount, whose name is never used. Each row: the disk,
   * where else it is mounted, where it is asked for its blocks, what the verdict is.
   */
  @ParameterizedTest
  @CsvSource({
    "ext4, '',   '',   HARD_LIMIT", // 9 KiB are left; in blocks of 4 KiB, as usual, it takes 12
    "ext4, /too, /too, ROOM", // in such of 1 KiB it takes 9
    "xfs,  '',   '',   HARD_LIMIT",
    "xfs,  /too, /too, HARD_LIMIT",
  })
  void disk_beyondServer_isNotTouched(String type, String bind, String asked, String expected) {
    String lines =
        """
        20 1 8:1 / / rw - ext4 /dev/sda1 rw
        40 20 0:40 / /net rw - nfs4 server:/export rw
        41 40 8:9 / /net/disk rw - %1$s /dev/sdb1 rw
        """
            .formatted(type);
    String more = "42 20 8:9 /part %s rw - %s /dev/sdb1 rw\n".formatted(bind, type);
    MountTable table = table(bind.isEmpty() ? lines : lines + more);
    List<String> touched = new ArrayList<>();
    BlockSizes sizes =
        new BlockSizes(
            path -> {
              touched.add(path);
              return 1024;
            });
    XfsLayout layout =
        mount -> {
          touched.add(mount.mountPoint());
          return Optional.empty();
        };
    Mailbox there = mailbox(() -> table, new FakeLinks(), sizes, layout);
    AccountQuotas user = told("/net/disk", List.of(quotas(9, new ResourceQuota(0, 0, 9216, 0))));
    Need message = new Need(8193, 1);
    Verdict home = there.judge(user, at("/net/disk/"), message, NOW).verdict();
    assertEquals(expected, word(home));
    Verdict all = there.judge(user, new Mailboxes.Everywhere(), message, NOW).verdict();
    assertEquals(expected, word(all));
    assertTrue(asked.isEmpty() ? touched.isEmpty() : touched.contains(asked), touched::toString);
    assertTrue(touched.stream().noneMatch(path -> path.startsWith("/net")), touched::toString);
  }

  private static Mailboxes at(String... paths) {
    return new Mailboxes.At(
        Stream.of(paths).map(path -> new MailboxPath(path, path.endsWith("/"))).toList());
  }

  private static Judgement judgeAt(Mailbox there, String path, List<FilesystemQuotas> quotas) {
    return there.judge(told("/home/bob", quotas), at(path), MESSAGE, NOW);
  }

  @Test
  void quota_failed_isUnknownWithErrorName() {
    FilesystemQuotas failed =
        new FilesystemQuotas(8, 2, List.of(Quota.failed(QuotaType.USER, 1000, 1)));
    assertEquals(
        new Unknown("user quota of id 1000 on device 8:2 could not be asked: EPERM"),
        judge(mailbox, user("/home/bob", List.of(failed)), MESSAGE, NOW).verdict());
  }

  @Test
  void mounts_unreadable_isUnknown() {
    Mailbox blind =
        mailbox(
            () -> {
              throw new IOException("no /proc");
            },
            new FakeLinks());
    assertEquals(
        new Unknown("the mount table could not be read: no /proc"),
        judge(blind, user("/home/bob", QUOTAS), MESSAGE, NOW).verdict());
  }

  @Test
  void mounts_changed_areSeenByNextRequest() {
    MountTable[] table = {MOUNTS};
    Mailbox current = mailbox(() -> table[0], new FakeLinks());
    UserQuotas user = user("/home/bob", QUOTAS);
    assertEquals("HARD_LIMIT", word(judge(current, user, MESSAGE, NOW).verdict()));
    table[0] = table("20 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    assertEquals("ROOM", word(judge(current, user, MESSAGE, NOW).verdict()));
  }

  @Test
  void mountOf_quotas_isTheirFilesystem() throws IOException {
    assertEquals("/home", mailbox.mountOf(quotas(2, FULL)).orElseThrow().mountPoint());
    assertTrue(mailbox.mountOf(quotas(99, FULL)).isEmpty());
  }

  /** With the real table and the real links of the machine that runs this. */
  @Test
  void thisMachine_ownRoot_isFound() throws IOException {
    Judged judgement = judge(Mailbox.onThisMachine(), user("/proc/self", List.of()), MESSAGE, NOW);
    assertEquals(new Accept(Accept.Reason.NO_QUOTA), judgement.verdict());
    assertEquals("/proc", ((Place.Local) judgement.place()).mount().mountPoint());
  }

  private static String word(Verdict verdict) {
    if (verdict instanceof Accept accept) {
      return accept.reason().name();
    }
    return verdict instanceof Refuse refuse ? refuse.cause().name() : "unknown";
  }

  private static AccountQuotas told(String home, List<FilesystemQuotas> filesystems) {
    return AccountQuotas.of(user(home, filesystems));
  }

  private static UserQuotas user(String home, List<FilesystemQuotas> filesystems) {
    return new UserQuotas(1000, 100, home, filesystems);
  }

  private static FilesystemQuotas quotas(int minor, ResourceQuota space) {
    Quota quota =
        new Quota(QuotaType.USER, 1000, QuotaState.ENFORCED, 0, space, ResourceQuota.NONE);
    return new FilesystemQuotas(8, minor, List.of(quota));
  }

  private static MountTable table(String lines) {
    return new MountTable(MountInfo.parse(lines.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
