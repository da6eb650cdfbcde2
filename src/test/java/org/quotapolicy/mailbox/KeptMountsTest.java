// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountInfo;

class KeptMountsTest {
  private static final String DAEMONS_HEAP = "-Xmx64m";

  private final KeptMounts kept = new KeptMounts();

  private static Mount mount(int id, String root, String path, String source) {
    return new Mount(id, 1, 8, id, root, path, "ext4 ".strip(), source, "rw,usrquota");
  }

  @Test
  void mounts_keepWhatIsNeeded() throws IOException {
    assertFalse(kept.test(mount(20, "/", "/", "/dev/sda1")));
    assertFalse(kept.test(mount(21, "/sub", "/home", "/dev/sda1")));
    List<Mount> mounts = kept.table().mounts();
    assertEquals(new Mount(20, 1, 8, 20, "/", "/", "ext4", "/dev/sda1", ""), mounts.get(0));
    assertEquals(
        new Mount(21, 1, 8, 21, "(part)", "/home", "ext4", "/dev/sda1", ""), mounts.get(1));
    assertSame(mounts.get(0).type(), mounts.get(1).type());
  }

  @Test
  void mounts_ofNfs_keepTheWholeSourceAndTheAddress() throws IOException {
    String source = "nas:/" + "s".repeat(KeptMounts.LONGEST_TEXT);
    String options = "rw,vers=3,mountaddr=10.0.0.9,clientaddr=10.0.0.2,addr=10.0.0.1,x";
    kept.test(new Mount(20, 1, 0, 40, "/", "/net", "nfs4", source, options));
    kept.test(new Mount(21, 1, 0, 41, "/", "/fuse", "fuse.nfs", "f", options));
    List<Mount> mounts = kept.table().mounts();

    assertEquals(source, mounts.get(0).source());
    assertEquals("addr=10.0.0.1", mounts.get(0).superOptions());
    assertEquals("", mounts.get(1).superOptions());
  }

  @Test
  void texts_tooLong_areNotKept() throws IOException {
    String longest = "/" + "x".repeat(KeptMounts.LONGEST_PATH - 1);
    kept.test(mount(20, "/", longest, "s".repeat(KeptMounts.LONGEST_TEXT + 1)));
    kept.test(mount(21, "/", longest + "x", "s"));
    List<Mount> mounts = kept.table().mounts();
    assertEquals(1, mounts.size());
    assertEquals(longest, mounts.get(0).mountPoint());
    assertEquals(KeptMounts.LONGEST_TEXT, mounts.get(0).source().length());
  }

  /** A part of the table could tell a wrong mount. */
  @Test
  void mounts_tooMany_areNoTable() {
    String path = "/" + "x".repeat(KeptMounts.LONGEST_PATH - 1);
    for (int i = 0; i < KeptMounts.MOST_BYTES / KeptMounts.LONGEST_PATH; i++) {
      kept.test(mount(i, "/", path, "s"));
    }
    IOException refused = assertThrows(IOException.class, kept::table);
    assertEquals("it is too large: more than 16 MiB", refused.getMessage());
  }

  /** What one user can do with FUSE, in the daemon's heap, read twice in a row. */
  @Test
  void table_ofFortyMegabytes_fitsIntoTheDaemonsHeap() throws Exception {
    assertEquals("41 MB, 1001 mounts", run("1000"));
  }

  /** What only root can do: too much, which is told and survived. */
  @Test
  void table_ofFourHundredMegabytes_isRefusedInTheDaemonsHeap() throws Exception {
    assertEquals("412 MB, it is too large: more than 16 MiB", run("10000"));
  }

  private static String run(String mounts) throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                DAEMONS_HEAP,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                KeptMountsTest.class.getName(),
                mounts)
            .redirectErrorStream(true)
            .start();
    String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, jvm.waitFor(), output);
    return output.strip();
  }

  /** Parses such a table: paths of nearly PATH_MAX, escaped, and sources and options as long. */
  public static void main(String[] args) {
    int mounts = Integer.parseInt(args[0]);
    MountTable before = null;
    String told = "";
    for (int round = 0; round < 3; round++) {
      KeptMounts kept = new KeptMounts();
      long bytes = parse(kept, mounts);
      try {
        MountTable table = kept.table();
        if (before != null && before.mounts().size() != table.mounts().size()) {
          throw new AssertionError("not the same");
        }
        before = table; // as when somebody still uses it while the next is read
        told = (bytes >> 20) + " MB, " + table.mounts().size() + " mounts";
      } catch (IOException e) {
        told = (bytes >> 20) + " MB, " + e.getMessage();
      }
    }
    System.out.println(told);
  }

  private static long parse(KeptMounts kept, int mounts) {
    MountInfo table = new MountInfo(kept);
    byte[] root = bytes("20 1 8:1 / / rw - ext4 /dev/sda1 rw");
    table.add(ByteBuffer.wrap(root));
    long total = root.length;
    String escaped = "\\040".repeat(3_600);
    for (int i = 0; i < mounts; i++) {
      int id = 100 + i;
      String path = "/" + id + escaped;
      byte[] line =
          bytes(id + " 20 0:" + id + " / " + path + " rw - fuse." + id + path + " " + path + " rw");
      table.add(ByteBuffer.wrap(line));
      total += line.length;
    }
    table.mounts();
    return total;
  }

  private static byte[] bytes(String line) {
    return (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
