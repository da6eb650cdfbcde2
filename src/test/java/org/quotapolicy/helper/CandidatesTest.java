// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.kernel.Filesystem;
import org.quotapolicy.mount.MountInfo;

class CandidatesTest {
  private static final String ROOT = "20 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n";

  private static List<Filesystem> of(String table) {
    return Candidates.of(MountInfo.parse(table.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static Filesystem filesystem(int minor, @Nullable String path, String source) {
    return new Filesystem(8, minor, false, path, source);
  }

  /** The path by which device 8:9 is reached when {@code table} is mounted on a local root. */
  private static @Nullable String pathToNine(String table) {
    for (Filesystem filesystem : of(ROOT + table)) {
      if (filesystem.minor() == 9) {
        return filesystem.path();
      }
    }
    throw new AssertionError("8:9 is no candidate");
  }

  @Test
  void filesystems_ofAHost_thoseWithVfsQuotaInTheirOrder() {
    assertEquals(
        List.of(
            filesystem(1, "/", "/dev/sda1"),
            new Filesystem(8, 17, true, "/home", "/dev/sdb1"),
            new Filesystem(0, 40, false, "/tmp", "tmpfs")),
        of(
            ROOT
                + """
        21 20 0:20 / /proc rw - proc proc rw
        22 20 8:17 / /home rw shared:9 - xfs /dev/sdb1 rw,usrquota
        23 20 0:40 / /tmp rw - tmpfs tmpfs rw,usrquota
        24 20 0:41 / /run rw - tmpfs tmpfs rw,size=1k
        25 20 0:42 / /data rw - btrfs /dev/sdc rw
        26 20 0:43 / /nfs rw - nfs4 server:/ rw
        27 20 0:44 / /fuse rw - fuse.ext4 x rw
        """));
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
    assertEquals("/m", pathToNine("30 20 8:9 / /m rw - " + type + " /dev/sdx rw\n"));
  }

  @Test
  void filesystem_mountedOften_once() {
    String twice =
        """
        30 20 8:9 / /m rw - ext4 /dev/sdx rw
        31 20 8:9 /sub /n rw - ext4 /dev/mapper/x rw
        32 20 8:9 /file /etc/file rw - ext4 /dev/sdx rw
        """;
    assertEquals(
        List.of(filesystem(1, "/", "/dev/sda1"), filesystem(9, "/m", "/dev/sdx")),
        of(ROOT + twice));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "9p",
        "ceph",
        "autofs",
        "fuse.sshfs",
        "fuse",
        "afs",
        "ocfs2"
      })
  void path_throughWhatCanBlock_notUsed(String type) {
    assertNull(
        pathToNine(
            "30 20 0:50 / /net rw - "
                + type
                + " x rw\n31 30 8:9 / /net/m rw - ext4 /dev/sdx rw\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "overlay", "btrfs", "zfs", "ext4", "xfs"})
  void path_throughLocalMounts_used(String type) {
    assertEquals(
        "/a/m",
        pathToNine(
            "30 20 0:50 / /a rw - " + type + " x rw\n31 30 8:9 / /a/m rw - ext4 /dev/sdx rw\n"));
  }

  @Test
  void path_belowAnAutomountPointThatIsMounted_notUsed() {
    assertNull(
        pathToNine(
            "30 20 0:50 / /home rw - autofs auto rw\n31 30 8:9 / /home rw - ext4 /dev/sdx rw\n"));
  }

  @Test
  void path_mountedOver_notUsed() {
    String mount = "30 20 8:9 / /m rw - ext4 /dev/sdx rw\n";
    assertNull(pathToNine(mount + "31 30 0:50 / /m rw - nfs server:/ rw\n"));
    assertNull(pathToNine(mount + "31 30 8:10 / /m rw - ext4 /dev/sdy rw\n"));
    assertEquals("/m", pathToNine(mount + "31 30 0:50 / /m/below rw - nfs server:/ rw\n"));
  }

  @Test
  void path_directoryAboveMountedOver_notUsed() {
    assertNull(
        pathToNine(
            """
        30 20 8:9 / /a/b/c rw - ext4 /dev/sdx rw
        31 20 0:50 / /a rw - nfs server:/ rw
        """));
    assertNull(
        pathToNine(
            "30 20 8:9 / /a/b/c rw - ext4 /dev/sdx rw\n31 20 8:10 / /a/b rw - ext4 /dev/sdy rw\n"));
  }

  @Test
  void path_likeAnothers_notTakenForBelowIt() {
    assertEquals(
        "/netto/m",
        pathToNine(
            "30 20 0:50 / /net rw - nfs server:/ rw\n31 20 8:9 / /netto/m rw - ext4 /dev/sdx rw\n"));
  }

  @Test
  void path_firstMountHidden_anotherOneUsed() {
    assertEquals(
        "/seen",
        pathToNine(
            """
        30 20 8:9 / /m rw - ext4 /dev/sdx rw
        31 30 0:50 / /m rw - nfs server:/ rw
        32 20 8:9 /sub /seen rw - ext4 /dev/sdx rw
        """));
  }

  @Test
  void root_onTheNetwork_allByDevice() {
    List<Filesystem> filesystems =
        of(
            """
        20 1 0:20 / / rw - nfs server:/ rw
        30 20 8:9 / /home rw - ext4 /dev/sdx rw
        """);
    assertEquals(List.of(filesystem(9, null, "/dev/sdx")), filesystems);
  }

  @Test
  void root_coversTheFirstOne_followed() {
    assertEquals(
        List.of(filesystem(1, "/", "/dev/sda1")),
        of("1 1 0:1 / / rw - rootfs rootfs rw\n20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"));
  }

  @Test
  void root_notInTheTable_allByDevice() {
    assertEquals(
        List.of(filesystem(9, null, "/dev/sdx")), of("30 20 8:9 / /home rw - ext4 /dev/sdx rw\n"));
  }

  @Test
  void table_thatNoKernelWrites_endsAnyway() {
    of(
        "20 1 8:1 / / rw - ext4 d rw\n21 22 8:9 / / rw - ext4 d rw\n22 21 8:10 / / rw - ext4 d rw\n");
    of("20 1 8:1 / / rw - ext4 d rw\n20 20 8:9 / / rw - ext4 d rw\n21 20 8:9 / / rw - ext4 d rw\n");
    assertEquals(List.of(), of(""));
  }

  @Test
  void table_thousandsOfMounts_pickedInTime() {
    StringBuilder table = new StringBuilder(ROOT);
    for (int i = 100; i < 10_000; i++) {
      table.append(i).append(" 20 8:").append(i).append(" / /m/").append(i);
      table.append(" rw - ext4 /dev/x rw\n");
    }
    assertEquals(9_901, of(table.toString()).size());
  }
}
