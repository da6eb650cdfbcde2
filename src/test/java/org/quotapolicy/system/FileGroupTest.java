// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.system.FileGroup.Reply;

class FileGroupTest {
  @TempDir private Path directory;

  /** Each row: mode of a directory; whether it hands its group on, and who may write to it. */
  @ParameterizedTest
  @CsvSource({
    "0700, false, false, false",
    "2755, true,  false, false",
    "0775, false, true,  false",
    "1777, false, true,  true",
    "0702, false, false, true"
  })
  void directory_tellsItsGroupAndMode(String mode, boolean setgid, boolean group, boolean others)
      throws Exception {
    run("chmod", mode, directory.toString());
    Reply.Known known = (Reply.Known) of(directory.toString());
    assertTrue(known.isDirectory());
    assertEquals(run("stat", "-c", "%g", directory.toString()), Long.toString(known.group()));
    assertEquals(
        List.of(setgid, group, others),
        List.of(known.handsGroupOn(), known.isGroupWritable(), known.isWorldWritable()));
  }

  @Test
  void fileAndLink_areNoDirectories() throws Exception {
    Path file = Files.write(directory.resolve("mbox"), new byte[1]);
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    for (Path path : List.of(file, link)) {
      assertFalse(((Reply.Known) of(path.toString())).isDirectory(), path::toString);
    }
  }

  @Test
  void nothingThere_errno() throws Exception {
    assertEquals(new Reply.Failed(ErrNo.ENOENT), of(directory + "/missing"));
    assertEquals(new Reply.Failed(ErrNo.ENAMETOOLONG), of("/x".repeat(4_000)));
    assertEquals(new Reply.Failed(ErrNo.ENAMETOOLONG), of("/x\0y"));
    assertEquals(new Reply.Failed(ErrNo.EXDEV), FileGroup.of(directory.toString(), 999, 7));
  }

  private Reply of(String path) throws Exception {
    String device = run("stat", "-c", "%d", directory.toString());
    long number = Long.parseLong(device); // makedev(3)
    int major = (int) ((number >> 8) & 0xfff);
    int minor = (int) ((number & 0xff) | ((number >> 12) & 0xfff00));
    return FileGroup.of(path, major, minor);
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
  }
}
