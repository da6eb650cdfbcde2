// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Setting;
import org.quotapolicy.system.Credentials;

/** Whose configuration file is taken. */
class DaemonSourceTest {
  /** Root's on every host, and nobody else's to write. */
  private static final Path ROOTS = Path.of("/etc/passwd");

  @TempDir private Path directory;

  private Path file(String permissions) throws IOException {
    Path file = Files.writeString(directory.resolve("q.conf"), "dry-run = yes\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static List<String> problems(DaemonSource source) {
    return assertThrows(InvalidConfigException.class, () -> DaemonOptions.toConfig(source.read()))
        .problems();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-", "rw-rw-rw-"})
  void file_thatOthersCanWrite_isRefusedForRootAlone(String permissions) throws IOException {
    Path file = file(permissions);
    assertEquals(
        List.of(
            file
                + ": cannot be read: root takes no settings from what others can write: chown root"
                + " and chmod go-w"),
        problems(new DaemonSource(List.of(), Optional.of(file), true)));
    assertTrue(
        new DaemonSource(List.of(), Optional.of(file), false).read().isGiven(Setting.DRY_RUN));
  }

  @Test
  void file_ofSomebodyElse_isNotRootsAlone() throws IOException {
    assertEquals(Credentials.isRoot(), Ownership.isRootsAlone(file("rw-r--r--")));
    Path file = file("rw-r--r--");
    if (Credentials.isRoot()) {
      Files.setAttribute(file, "unix:uid", 65_533);
    }
    assertFalse(Ownership.isRootsAlone(file));
  }

  @Test
  void file_ofRoot_isRootsAlone() throws IOException {
    assertTrue(Ownership.isRootsAlone(ROOTS));
  }

  /** What the link says is no permission, and who may change where it leads is another matter. */
  @Test
  void link_countsAsWhatItLeadsTo() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), ROOTS);
    assertTrue(Ownership.isRootsAlone(link));
    Files.delete(link);
    assertFalse(Ownership.isRootsAlone(Files.createSymbolicLink(link, file("rw-rw-rw-"))));
  }
}
