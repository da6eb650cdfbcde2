// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountInfo;
import org.quotapolicy.quota.Project;
import org.quotapolicy.wire.Scope;

class FilesystemsTest {
  private static final String TABLE =
      """
      20 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw
      21 20 0:20 / /proc rw - proc proc rw
      22 20 8:17 / /home rw shared:9 - xfs /dev/sdb1 rw,usrquota
      23 20 0:40 / /tmp rw - tmpfs tmpfs rw,usrquota
      24 20 0:41 / /run rw - tmpfs tmpfs rw,size=1k
      25 20 0:42 / /data rw - btrfs /dev/sdc rw
      26 20 0:43 / /nfs rw - nfs4 server:/ rw
      27 20 0:44 / /fuse rw - fuse.ext4 x rw
      28 22 8:33 / /home/a rw - ext4 /dev/sdc1 rw
      """;

  private static List<Mount> mounts(String table) {
    return MountInfo.parse(table.getBytes(StandardCharsets.ISO_8859_1)).stream()
        .filter(Filesystems::mayHaveQuotas)
        .toList();
  }

  private static List<String> mountPoints(String table) {
    return Filesystems.oneOfEach(mounts(table)).stream().map(Mount::mountPoint).toList();
  }

  @Test
  void filesystems_ofAHost_thoseWithVfsQuotaInTheirOrder() {
    assertEquals(List.of("/", "/home", "/tmp", "/home/a"), mountPoints(TABLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext2",
        "ext3",
        "ext4",
        "xfs",
        "f2fs",
        "jfs",
        "ocfs2",
        "gfs2",
        "reiserfs",
        "bcachefs"
      })
  void type_withVfsQuota_asked(String type) {
    assertEquals(List.of("/m"), mountPoints("30 20 8:9 / /m rw - " + type + " /dev/sdx rw\n"));
  }

  @Test
  void filesystem_mountedOften_onceByItsFirstWholeMount() {
    String often =
        """
        30 20 8:9 /sub /n rw - ext4 /dev/sdx rw
        31 20 8:9 / /m rw - ext4 /dev/mapper/x rw
        32 20 8:9 / /again rw - ext4 /dev/sdx rw
        33 20 8:9 /file /etc/file rw - ext4 /dev/sdx rw
        """;
    assertEquals(List.of("/m"), mountPoints(often));
    assertEquals(List.of("/n"), mountPoints(often.lines().limit(1).toList().get(0)));
  }

  @ParameterizedTest
  @CsvSource({
    "/home/alice, /home",
    "/home, /home",
    "/home/, /home",
    "/home/a/b, /home/a",
    "/home/ab, /home",
    "/homes/a, /",
    "/, /",
    "/nfs/alice, /", // by name alone: the daemon knows better, and asks by device then
    "relative, ''",
    "'', ''",
  })
  void home_anyName_theClosestMountAboveIt(String home, String mountPoint) {
    List<Mount> all = List.copyOf(Filesystems.oneOfEach(mounts(TABLE)));
    List<String> expected = mountPoint.isEmpty() ? List.of() : List.of(mountPoint);
    assertEquals(
        expected,
        Filesystems.select(all, new Scope.Home(), home).stream().map(Mount::mountPoint).toList());
  }

  @Test
  void device_inTheListOrNot_thatOneOrNone() {
    List<Mount> all = mounts(TABLE);
    assertEquals(
        all.subList(1, 2),
        Filesystems.select(all, new Scope.Device(8, 17, new Project.Unnamed()), "/"));
    assertEquals(
        List.of(), Filesystems.select(all, new Scope.Device(0, 43, new Project.Unnamed()), "/"));
    assertEquals(all, Filesystems.select(all, new Scope.All(), "/"));
  }

  @Test
  void gate_ofOneDevice_theSameForEachOfItsMounts() throws Exception {
    Filesystems filesystems = Filesystems.open();
    List<Mount> mounts =
        mounts("1 0 8:9 / /a rw - ext4 d rw\n2 0 8:9 / /b rw - ext4 d rw\n" + TABLE);
    Gate gate = filesystems.gate(mounts.get(0));
    assertSame(gate, filesystems.gate(mounts.get(1)));
    assertEquals(false, gate == filesystems.gate(mounts.get(2)));
  }
}
