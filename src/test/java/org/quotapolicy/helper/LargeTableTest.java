// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountInfo;

/**
 * One user may make a thousand FUSE mounts, each with paths of PATH_MAX of which all is escaped.
 */
class LargeTableTest {
  private static final int MOUNTS = 1_000;
  private static final String HELPERS_HEAP = "-Xmx24m";

  @Test
  void table_ofFortyMegabytes_parsedInTheHelpersHeap() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                HELPERS_HEAP,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                LargeTableTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("41 MB, 2 mounts kept", output.strip());
    assertEquals(0, jvm.waitFor());
  }

  /** Parses such a table. */
  public static void main(String[] args) {
    String path = "/" + "\\040".repeat(3_600);
    byte[] fuse = line("0:50 / " + path + " rw - fuse.sshfs " + path + " rw,x=" + path);
    byte[] ext4 = line("8:1 / " + path + " rw - ext4 /dev/sda1 rw");
    MountInfo table = new MountInfo(Filesystems::mayHaveQuotas);
    table.add(ByteBuffer.wrap(ext4));
    for (int i = 0; i < MOUNTS; i++) {
      table.add(ByteBuffer.wrap(fuse));
    }
    table.add(ByteBuffer.wrap(ext4));
    List<Mount> kept = table.mounts();
    long megabytes = ((long) MOUNTS * fuse.length) >> 20;
    System.out.println(megabytes + " MB, " + kept.size() + " mounts kept");
  }

  private static byte[] line(String rest) {
    return ("36 35 " + rest + "\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
