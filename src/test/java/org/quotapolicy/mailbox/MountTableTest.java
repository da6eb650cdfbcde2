// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountInfo;
import org.quotapolicy.mailbox.Place.Failed;
import org.quotapolicy.mailbox.Place.Local;
import org.quotapolicy.mailbox.Place.Network;

class MountTableTest {
  private static final String TABLE =
      """
      20 1 8:1 / / rw - ext4 /dev/sda1 rw
      21 20 0:5 / /dev rw - devtmpfs udev rw
      30 20 8:2 / /home rw - xfs /dev/sda2 rw,usrquota
      31 30 8:3 / /home/big rw - ext4 /dev/sda3 rw
      32 20 8:2 /alice /srv/alice rw - xfs /dev/sda2 rw,usrquota
      40 20 0:40 / /net rw - nfs4 server:/export rw
      41 40 8:4 / /net/spool rw - ext4 /dev/sdb1 rw
      42 41 8:5 / /net/spool/deep rw - ext4 /dev/sdb2 rw
      43 20 0:43 / /fuse rw - fuse.sshfs host: rw
      50 20 0:50 / /auto rw - autofs /etc/auto rw
      51 50 8:6 / /auto/local rw - ext4 /dev/sdc1 rw
      52 50 0:52 / /auto/remote rw - nfs server:/home/x rw
      60 20 0:60 / /lazy rw - autofs systemd-1 rw
      61 60 8:7 / /lazy rw - ext4 /dev/sdd1 rw
      70 20 8:8 / /stack rw - ext4 /dev/sde1 rw
      71 70 8:9 / /stack/hidden rw - ext4 /dev/sde2 rw
      72 70 8:10 / /stack rw - ext4 /dev/sde3 rw
      73 20 0:73 / /over rw - nfs4 server:/over rw
      74 73 8:11 / /over rw - ext4 /dev/sdf1 rw
      80 20 8:12 / /weird\\040name rw - ext4 /dev/sdg1 rw
      """;

  private static final MountTable MOUNTS = table(TABLE);
  private static final Place TOO_MANY_NAMES =
      new Failed("too many names, more than 256 on the way");

  /** Each row: path, ID of the mount, path without links. */
  @ParameterizedTest
  @CsvSource({
    "/,                      20, /",
    "//,                     20, /",
    "/./,                    20, /",
    "/etc,                   20, /etc",
    "/home,                  30, /home",
    "/home/,                 30, /home",
    "/home/bob,              30, /home/bob",
    "//home//./bob/,         30, /home/bob",
    "/homes/bob,             20, /homes/bob",
    "/home/big,              31, /home/big",
    "/home/big/x/y,          31, /home/big/x/y",
    "/home/bigger,           30, /home/bigger",
    "/home/big/..,           30, /home",
    "/home/big/../..,        20, /",
    "/..,                    20, /",
    "/../../home,            30, /home",
    "/home/../home/big,      31, /home/big",
    "/srv/alice/mail,        32, /srv/alice/mail",
    "/dev/null,              21, /dev/null",
    "/stack,                 72, /stack",
    "/stack/hidden,          72, /stack/hidden",
    "/stack/hidden/..,       72, /stack",
    "/lazy,                  61, /lazy",
    "/lazy/bob,              61, /lazy/bob",
    "/over/bob,              74, /over/bob",
    "/auto/local,            51, /auto/local",
    "/auto/local/bob,        51, /auto/local/bob",
    "/net/spool,             41, /net/spool",
    "/net/spool/deep,        42, /net/spool/deep",
    "/weird name/x,          80, /weird name/x",
  })
  void path_withoutLinks_isOnMount(String path, int id, String real) {
    assertEquals(local(id, real), MOUNTS.resolve(path, new FakeLinks()));
  }

  /** Each row: path, ID of the network mount. */
  @ParameterizedTest
  @CsvSource({
    "/net,              40",
    "/net/x/y,          40",
    "/net/..,           40",
    "/net/x/../spool,   40",
    "/fuse/bob,         43",
    "/auto,             50",
    "/auto/nobody,      50",
    "/auto/nobody/..,   50",
    "/auto/remote/mail, 52",
  })
  void path_onNetwork_isNotTouched(String path, int id) {
    FakeLinks links = new FakeLinks();
    assertEquals(new Network(mount(MOUNTS, id)), MOUNTS.resolve(path, links));
    assertEquals(List.of(), links.touched());
  }

  @ParameterizedTest
  @CsvSource({"/net/spool/bob", "/net/spool/deep/bob", "/net/spool/..", "/net/spool/deep/../bob"})
  void path_beyondNetwork_isNotTouched(String path) {
    FakeLinks links = new FakeLinks();
    assertTrue(MOUNTS.resolve(path, links) instanceof Failed);
    assertEquals(List.of(), links.touched());
  }

  /** Each row: link, its target, path asked, ID of the mount, path without links. */
  @ParameterizedTest
  @CsvSource({
    "/home/bob,     -> /home/big/bob,      /home/bob/mail,   31, /home/big/bob/mail",
    "/home/bob,     -> big/bob,            /home/bob,        31, /home/big/bob",
    "/home/bob,     -> ../srv/alice,       /home/bob/x,      32, /srv/alice/x",
    "/home/bob,     -> ..,                 /home/bob,        20, /",
    "/home/bob,     -> /,                  /home/bob/home,   30, /home",
    "/home/bob,     -> /../home//big/./,   /home/bob/../x,   30, /home/x",
    "/home/bob,     -> ./.,                /home/bob,        30, /home",
    "/home/big/bob, -> ../eve,             /home/big/bob/x,  30, /home/eve/x",
    "/u,            -> home,               /u/big/x,         31, /home/big/x",
    "/home/bob,     -> /lazy/bob,          /home/bob,        61, /lazy/bob",
    "/stack/bob,    -> ../stack/hidden,    /stack/bob,       72, /stack/hidden",
  })
  void path_withLink_isFollowed(String link, String target, String path, int id, String real) {
    FakeLinks links = new FakeLinks().with(link, target);
    assertEquals(local(id, real), MOUNTS.resolve(path, links));
  }

  @Test
  void link_toNetwork_endsThere() {
    FakeLinks links = new FakeLinks().with("/home/bob", "-> /net/bob/../x");
    assertEquals(new Network(mount(MOUNTS, 40)), MOUNTS.resolve("/home/bob/mail", links));
    assertEquals(List.of("/home/bob"), links.touched());
  }

  @Test
  void mountPoint_isNotReadAsLink() {
    FakeLinks links = new FakeLinks();
    MOUNTS.resolve("/home/big/bob", links);
    assertEquals(List.of("/home/big/bob"), links.touched());
  }

  /** 40 links are followed, as the kernel does, and not one more. */
  @ParameterizedTest
  @CsvSource({"1, true", "39, true", "40, true", "41, false", "100, false"})
  void links_chained_areBounded(int count, boolean followed) {
    FakeLinks links = new FakeLinks();
    for (int i = 1; i <= count; i++) {
      links.with("/home/l" + i, "-> " + (i == count ? "/home/big" : "l" + (i + 1)));
    }
    Place place = MOUNTS.resolve("/home/l1", links);
    assertEquals(followed, place.equals(local(31, "/home/big")));
    assertEquals(!followed, place instanceof Failed);
  }

  @ParameterizedTest
  @CsvSource({"255, true", "256, true", "257, false"})
  void names_areBounded(int count, boolean followed) {
    Place place = MOUNTS.resolve("/x".repeat(count), new FakeLinks());
    assertEquals(followed, place.equals(local(20, "/x".repeat(count))));
    assertEquals(!followed, place.equals(TOO_MANY_NAMES));
    assertEquals(
        !followed, MOUNTS.resolve("/..".repeat(count), new FakeLinks()).equals(TOO_MANY_NAMES));
  }

  /** Few links, and 40 times as many names as one path may have, are looked at up to the bound. */
  @Test
  void names_behindLinks_areBoundedInAll() {
    String deep = "/x".repeat(100);
    FakeLinks links = new FakeLinks();
    for (int i = 1; i <= 40; i++) {
      links.with("/home/l" + i, "-> " + deep + "/../".repeat(100) + "home/l" + (i + 1));
    }
    assertEquals(TOO_MANY_NAMES, MOUNTS.resolve("/home/l1", links));
    assertTrue(links.touched().size() <= 256, () -> "touched " + links.touched().size());
  }

  @ParameterizedTest
  @CsvSource({"-> loop", "-> /home/loop", "-> loop/loop", "-> ../home/./loop/x"})
  void link_toItself_fails(String target) {
    FakeLinks links = new FakeLinks().with("/home/loop", target);
    assertEquals(
        new Failed("too many symbolic links, the last one /home/loop"),
        MOUNTS.resolve("/home/loop/mail", links));
  }

  /** What is not there would be made on the mount reached; nothing below it is looked at. */
  @ParameterizedTest
  @CsvSource({"/home/new, /home/new", "/home/new/a/b, /home/new/a/b", "/home/new/.., /home/new/.."})
  void path_thatDoesNotExist_isOnMountReached(String path, String real) {
    FakeLinks links = new FakeLinks().with("/home/new", "ENOENT");
    assertEquals(local(30, real), MOUNTS.resolve(path, links));
    assertEquals(List.of("/home/new"), links.touched());
  }

  @Test
  void link_toNowhere_isOnMountOfTarget() {
    FakeLinks links = new FakeLinks().with("/bob", "-> /home/bob").with("/home/bob", "ENOENT");
    assertEquals(local(30, "/home/bob/mail"), MOUNTS.resolve("/bob/mail", links));
  }

  /** Each row: what may not be looked at, path asked. It could be a link to anywhere. */
  @ParameterizedTest
  @CsvSource({
    "/home/bob/x, /home/bob/x",
    "/home/bob/x, /home/bob/x/y",
    "/srv,        /srv/bob",
    "/srv,        /srv/alice/../x",
  })
  void name_thatMayNotBeLookedAt_isNotSure(String hidden, String path) {
    Place place = MOUNTS.resolve(path, new FakeLinks().with(hidden, "EACCES"));
    assertEquals(hidden, place instanceof Place.Hidden known ? known.name() : place);
  }

  /** If it is no link, it is on the mount that was reached. */
  @Test
  void name_thatMayNotBeLookedAt_hasAPlaceIfItIsNoLink() {
    FakeLinks links = new FakeLinks().with("/home/bob/x", "EACCES");
    Place.Hidden place = (Place.Hidden) MOUNTS.resolve("/home/bob/x/y", links);
    assertEquals(local(30, "/home/bob/x/y"), place.otherwise());
  }

  /** Up from a link is somewhere else. */
  @ParameterizedTest
  @CsvSource({
    "/home/bob/x, /home/bob/x/./y/../z",
    "/home/bob/x, /home/bob/x/..",
  })
  void name_aboveWhatMayNotBeLookedAt_fails(String hidden, String path) {
    FakeLinks links = new FakeLinks().with(hidden, "EACCES");
    Place expected =
        new Failed(
            hidden
                + " may not be looked at (EACCES): the directories above it must be searchable"
                + " (x)");
    assertEquals(expected, MOUNTS.resolve(path, links));
  }

  /** A mount point is free of links, so it proves that the names before it are none. */
  @Test
  void name_thatMayNotBeLookedAt_isProvedByMountBelow() {
    FakeLinks links = new FakeLinks().with("/srv", "EACCES");
    assertEquals(local(32, "/srv/alice"), MOUNTS.resolve("/srv/alice", links));
    assertEquals(local(32, "/srv/alice/mail"), MOUNTS.resolve("/srv/alice/mail", links));
    assertEquals(List.of("/srv", "/srv", "/srv/alice/mail"), links.touched());
  }

  @Test
  void link_behindWhatMayNotBeLookedAt_isNotRead() {
    FakeLinks links = new FakeLinks().with("/srv", "EACCES").with("/srv/bob", "-> /home");
    assertTrue(MOUNTS.resolve("/srv/bob/x", links) instanceof Place.Hidden);
    assertEquals(List.of("/srv"), links.touched());
  }

  @ParameterizedTest
  @CsvSource({"EIO", "ENOTDIR", "ELOOP", "ENAMETOOLONG"})
  void name_thatCannotBeRead_fails(String error) {
    FakeLinks links = new FakeLinks().with("/home/bob", error);
    assertEquals(
        new Failed("readlink(/home/bob): " + error), MOUNTS.resolve("/home/bob/mail", links));
  }

  @ParameterizedTest
  @CsvSource({"''", "home/bob", ".", "~", "/home/\0bob"})
  void path_notAbsolute_fails(String path) {
    FakeLinks links = new FakeLinks();
    assertTrue(MOUNTS.resolve(path.replace("\\0", "\0"), links) instanceof Failed);
    assertEquals(List.of(), links.touched());
  }

  @Test
  void table_withoutRoot_fails() {
    MountTable chroot = table("30 20 8:2 / /home rw - xfs /dev/sda2 rw\n");
    assertTrue(chroot.resolve("/home", new FakeLinks()) instanceof Failed);
    assertTrue(table("").resolve("/", new FakeLinks()) instanceof Failed);
  }

  /** Seen with unshare -m and mount -t tmpfs none /: / stays what it was, /.. is the tmpfs. */
  @Test
  void root_overmounted_isLowestButNotFromBelow() {
    MountTable over =
        table(
            """
            43 42 254:0 / / rw - ext4 /dev/vda rw
            45 43 0:21 / /proc rw - proc proc rw
            63 43 0:39 / / rw - tmpfs none rw
            64 63 0:40 / /home rw - tmpfs none rw
            """);
    assertEquals(new Local(mount(over, 43), "/home"), over.resolve("/home", new FakeLinks()));
    assertEquals(new Local(mount(over, 63), "/x"), over.resolve("/../x", new FakeLinks()));
    assertEquals(new Local(mount(over, 64), "/home"), over.resolve("/../home", new FakeLinks()));
    assertEquals(new Local(mount(over, 45), "/proc"), over.resolve("/proc", new FakeLinks()));
  }

  @Test
  void root_itsOwnParent_isRoot() {
    MountTable table = table("1 1 0:2 / / rw - rootfs rootfs rw\n");
    assertEquals(new Local(mount(table, 1), "/a"), table.resolve("/a", new FakeLinks()));
  }

  /** Without its root nothing runs, so looking at names there adds no danger. */
  @Test
  void root_onNetwork_isTouched() {
    MountTable diskless =
        table(
            """
            20 1 0:20 / / rw - nfs server:/root rw
            30 20 8:2 / /home rw - ext4 /dev/sda2 rw
            """);
    FakeLinks links = new FakeLinks().with("/u", "-> home");
    assertEquals(new Local(mount(diskless, 30), "/home/bob"), diskless.resolve("/u/bob", links));
    assertEquals(new Network(mount(diskless, 20)), diskless.resolve("/etc", links));
  }

  @Test
  void mounts_inCycle_end() {
    MountTable torn =
        table(
            """
            20 1 8:1 / / rw - ext4 /dev/sda1 rw
            30 20 8:2 / /a rw - ext4 /dev/sda2 rw
            31 30 8:3 / /a rw - ext4 /dev/sda3 rw
            30 31 8:4 / /a rw - ext4 /dev/sda4 rw
            """);
    assertTrue(torn.resolve("/a/b", new FakeLinks()) instanceof Local);
  }

  @Test
  void names_withAnyBytes_areKept() {
    MountTable table =
        table("20 1 8:1 / / rw - ext4 a rw\n30 20 8:2 / /h\u00f6\u00ff rw - ext4 b rw\n");
    assertEquals(
        new Local(mount(table, 30), "/h\u00f6\u00ff/x"),
        table.resolve("/h\u00f6\u00ff/x", new FakeLinks()));
  }

  /** Each row: device, ID of the mount. */
  @ParameterizedTest
  @CsvSource({"8, 1, 20", "8, 2, 30", "8, 3, 31", "0, 40, 40"})
  void device_mounted_isFound(int major, int minor, int id) {
    assertEquals(mount(MOUNTS, id), MOUNTS.byDevice(new Device(major, minor)).orElseThrow());
  }

  @Test
  void device_notMounted_isNotFound() {
    assertTrue(MOUNTS.byDevice(new Device(9, 9)).isEmpty());
  }

  @Test
  void device_mountedInParts_isFoundByItsRoot() {
    MountTable table =
        table(
            """
            20 1 8:1 /sub / rw - ext4 /dev/sda1 rw
            30 20 8:1 / /all rw - ext4 /dev/sda1 rw
            31 20 8:1 / /again rw - ext4 /dev/sda1 rw
            40 20 8:2 /a /a rw - ext4 /dev/sda2 rw
            41 20 8:2 /b /b rw - ext4 /dev/sda2 rw
            """);
    assertEquals(30, table.byDevice(new Device(8, 1)).orElseThrow().id());
    assertEquals(40, table.byDevice(new Device(8, 2)).orElseThrow().id());
  }

  @Test
  void tenThousandMounts_areTold() {
    StringBuilder lines = new StringBuilder("20 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    for (int i = 0; i < 10_000; i++) {
      lines.append("%d 20 9:%d / /m/%d rw - ext4 d rw\n".formatted(100 + i, i, i));
    }
    MountTable many = table(lines.toString());
    for (int i = 0; i < 10_000; i += 7) {
      Place expected = new Local(many.byDevice(new Device(9, i)).orElseThrow(), "/m/" + i + "/bob");
      assertEquals(expected, many.resolve("/m/" + i + "/bob", new FakeLinks()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'30 20 8:2 / /home rw - xfs /dev/sda2 rw', true",
    "'33 20 8:2 / /home rw - xfs /dev/sda2 rw', false",
    "'30 20 8:9 / /home rw - xfs /dev/sda2 rw', false",
    "'30 20 8:2 / /home/bob rw - xfs /dev/sda2 rw', false"
  })
  void mountOfAnotherTable_isTheSameByIdDeviceAndPlace(String line, boolean isSame) {
    Mount known = mount(MOUNTS, 30);
    assertEquals(isSame, MountTable.same(known, table(line).mounts().get(0)));
  }

  private static Local local(int id, String path) {
    boolean isBeyondServer = path.startsWith("/net/");
    return new Local(mount(MOUNTS, id), path, !isBeyondServer);
  }

  private static Mount mount(MountTable table, int id) {
    return table.mounts().stream().filter(m -> m.id() == id).findFirst().orElseThrow();
  }

  private static MountTable table(String lines) {
    return new MountTable(MountInfo.parse(lines.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
