// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountInfoTest {
  private static final String ROOT = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n";

  private static List<Mount> parse(String table) {
    return MountInfo.parse(table.getBytes(ISO_8859_1));
  }

  private static Mount one(String line) {
    List<Mount> mounts = parse(line);
    assertEquals(1, mounts.size(), line);
    return mounts.get(0);
  }

  @Test
  void line_ordinary_everyField() {
    assertEquals(
        new Mount(
            36,
            35,
            98,
            1048575,
            "/mnt1",
            "/mnt2",
            "ext3",
            "/dev/root",
            "rw,errors=continue,usrquota"),
        one(
            "36 35 98:1048575 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root"
                + " rw,errors=continue,usrquota\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "36 35 8:1 / /m rw - ext4 /dev/sda1 rw\n",
        "36 35 8:1 / /m rw shared:7 - ext4 /dev/sda1 rw\n",
        "36 35 8:1 / /m rw shared:7 master:1 propagate_from:2 unbindable - ext4 /dev/sda1 rw\n",
        "36 35 8:1 / /m rw --x -y z- - ext4 /dev/sda1 rw\n",
        "36 35 8:1 / /m rw - ext4 /dev/sda1 rw",
      })
  void line_anyOptionalFields_sameMount(String line) {
    assertEquals(new Mount(36, 35, 8, 1, "/", "/m", "ext4", "/dev/sda1", "rw"), one(line));
  }

  @Test
  void field_escaped_undone() {
    Mount mount =
        one(
            "1 0 8:1 /a\\040b /tab\\011nl\\012bs\\134hash\\043 rw - fuse.x\\040y a\\040b:/ rw,x=\\040\n");
    assertEquals("/a b", mount.root());
    assertEquals("/tab\tnl\nbs\\hash#", mount.mountPoint());
    assertEquals("fuse.x y", mount.type());
    assertEquals("a b:/", mount.source());
    assertEquals("rw,x= ", mount.superOptions());
  }

  @Test
  void field_escapeAfterEscapedBackslash_undoneOnce() {
    assertEquals("/a\\040", one("1 0 8:1 / /a\\134040 rw - ext4 d rw\n").mountPoint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\\04", "/a\\", "/a\\089", "/a\\777", "/a\\x41", "/\\\\"})
  void field_notAnEscape_keptAsItIs(String path) {
    assertEquals(path, one("1 0 8:1 / " + path + " rw - ext4 d rw\n").mountPoint());
  }

  @Test
  void field_anyByte_keptAsItIs() {
    StringBuilder path = new StringBuilder("/");
    for (char c = 1; c < 0x100; c++) {
      if (c != ' ' && c != '\n' && c != '\\') {
        path.append(c);
      }
    }
    assertEquals(path.toString(), one("1 0 8:1 / " + path + " rw - ext4 d rw\n").mountPoint());
  }

  @Test
  void source_empty_kept() {
    Mount mount = one("1 0 0:40 / /m rw - tmpfs  rw,size=4k\n");
    assertEquals("", mount.source());
    assertEquals("rw,size=4k", mount.superOptions());
  }

  @Test
  void separator_asSource_notTakenForTheSeparator() {
    Mount mount = one("1 0 0:40 / /m rw - tmpfs - rw\n");
    assertEquals("-", mount.source());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "1",
        "1 0",
        "1 0 8:1",
        "1 0 8:1 / /m rw shared:1",
        "1 0 8:1 / /m rw -",
        "1 0 8:1 / /m rw - ext4",
        "1 0 8:1 / /m rw - ext4 /dev/sda1",
        "1 0 8 / /m rw - ext4 d rw",
        "1 0 8: / /m rw - ext4 d rw",
        "1 0 :1 / /m rw - ext4 d rw",
        "-1 0 8:1 / /m rw - ext4 d rw",
        "1 0 8:x / /m rw - ext4 d rw",
        "2147483648 0 8:1 / /m rw - ext4 d rw",
        "99999999999999999999 0 8:1 / /m rw - ext4 d rw",
        "1  8:1 / /m rw - ext4 d rw",
      })
  void line_malformed_skippedAndTheOthersKept(String line) {
    List<Mount> mounts = parse(ROOT + line + "\n" + ROOT);
    assertEquals(2, mounts.size(), line);
    assertEquals(mounts.get(0), mounts.get(1));
  }

  @Test
  void number_largest_kept() {
    assertEquals(Integer.MAX_VALUE, one("2147483647 0 8:1 / /m rw - ext4 d rw\n").id());
  }

  @Test
  void table_empty_noMounts() {
    assertEquals(List.of(), parse(""));
    assertEquals(List.of(), parse("\n\n"));
  }

  @Test
  void table_cutAnywhere_neverFails() {
    String table = ROOT + "36 35 8:1 /a\\040b /m\\040 rw x - ext4 /dev/sda1 rw\n";
    for (int length = 0; length <= table.length(); length++) {
      parse(table.substring(0, length));
    }
  }

  @Test
  void table_inPieces_asInOne() {
    byte[] table = (ROOT + "1 0 8:1 / /m\\040 rw - ext4 d rw\n" + ROOT).getBytes(ISO_8859_1);
    for (int cut = 0; cut <= table.length; cut++) {
      MountInfo pieces = new MountInfo(mount -> true);
      pieces.add(ByteBuffer.wrap(table, 0, cut));
      pieces.add(ByteBuffer.wrap(table, cut, table.length - cut));
      assertEquals(MountInfo.parse(table), pieces.mounts());
    }
  }

  @Test
  void mount_notWanted_leftOut() {
    MountInfo table = new MountInfo(mount -> mount.type().equals("xfs"));
    table.add(ByteBuffer.wrap((ROOT + "1 0 8:1 / /x rw - xfs d rw\n" + ROOT).getBytes(ISO_8859_1)));
    assertEquals(List.of("/x"), table.mounts().stream().map(Mount::mountPoint).toList());
  }

  @Test
  void line_longerThanAnyIs_optionsCutOff() {
    String line = "1 0 8:1 / /m rw - overlay o rw,lowerdir=" + "x".repeat(1_000_000) + "\n";
    List<Mount> mounts = parse(line + ROOT);
    assertEquals(2, mounts.size());
    assertEquals("/m", mounts.get(0).mountPoint());
    assertTrue(mounts.get(0).superOptions().length() < MountInfo.LONGEST_LINE);
    assertEquals(one(ROOT), mounts.get(1));
  }

  @Test
  void line_whosePathIsLongerThanAnyIs_skipped() {
    String line = "1 0 8:1 / /" + "x".repeat(MountInfo.LONGEST_LINE) + " rw - ext4 d rw\n";
    assertEquals(List.of(one(ROOT)), parse(line + ROOT));
  }

  @Test
  void buffer_partOfMemory_consumedFromPositionToLimit() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(200);
    buffer.position(3);
    buffer.put(ROOT.getBytes(ISO_8859_1));
    buffer.limit(buffer.position()).position(3);
    MountInfo table = new MountInfo(mount -> true);
    table.add(buffer);
    assertEquals(parse(ROOT), table.mounts());
    assertFalse(buffer.hasRemaining());
  }

  @Test
  void table_ofThisProcess_everyLineParsed() throws IOException {
    byte[] table = Files.readAllBytes(Path.of("/proc/self/mountinfo"));
    long lines = new String(table, ISO_8859_1).lines().count();
    assertEquals(lines, MountInfo.parse(table).size());
  }

  @Test
  void table_tenThousandMounts_allInOrder() {
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      table.append(i).append(" 1 0:").append(i).append(" / /m/").append(i);
      table.append(" rw,nosuid shared:1 - overlay overlay rw,lowerdir=/a:/b:/c,upperdir=/d\n");
    }
    List<Mount> mounts = parse(table.toString());
    assertEquals(10_000, mounts.size());
    assertEquals("/m/9999", mounts.get(9_999).mountPoint());
  }
}
