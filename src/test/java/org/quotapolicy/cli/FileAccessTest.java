// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileAccessTest {

  /**
   * The first class that fits decides, as in the kernel: the owner, else the group, else others.
   */
  @ParameterizedTest
  @CsvSource({
    "rwxr-xr-x, rw-------, owner, ''",
    "rwxr-xr-x, r--rw-rw-, owner, f",
    "rwxr-x---, rw-rw----, group, ''",
    "rwx------, rw-rw----, group, d",
    "rwx---r-x, rw-rw-rw-, group, d",
    "rwxr-x---, rw-r--rw-, group, f",
    "rwxr-x---, rw-rw-rw-, other, d",
    "rwxr-x--x, rw-rw-rw-, other, ''",
    "rwxr-x--x, rw-rw-r--, other, f",
  })
  void obstacle_isTheFirst(
      String directoryMode, String fileMode, String who, String expected, @TempDir Path top)
      throws Exception {
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path directory = Files.createDirectory(top.resolve("d"));
    Path file = Files.createFile(directory.resolve("f"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(fileMode));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(directoryMode));
    long uid = (Integer) Files.getAttribute(file, "unix:uid");
    long gid = (Integer) Files.getAttribute(file, "unix:gid");
    FileAccess access =
        new FileAccess(who.equals("owner") ? uid : 60_001, who.equals("group") ? gid : 60_001);
    Optional<String> obstacle =
        access.obstacle(file).map(path -> String.valueOf(path.getFileName()));
    assertEquals(expected.isEmpty() ? Optional.empty() : Optional.of(expected), obstacle);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }
}
