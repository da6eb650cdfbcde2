// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.system.Reach;

/**
 * What the daemon still needs of the files once it listens.
 *
 * <p>Of a file that it may read it needs the directory: who writes such files puts a new one in the
 * place of the old.
 */
final class DaemonReach {
  /** Of the system: what the JVM and the C library may open late. */
  private static final List<Path> OF_THE_SYSTEM =
      Stream.of(
              "/etc",
              "/proc",
              "/usr/lib",
              "/usr/lib64",
              "/usr/local/lib",
              "/lib",
              "/lib64",
              "/usr/share/zoneinfo",
              "/sys/fs/cgroup",
              "/sys/devices/system",
              "/dev/null",
              "/dev/random",
              "/dev/urandom")
          .map(Path::of)
          .toList();

  private DaemonReach() {}

  /**
   * Looks at the files, and so takes as long as the filesystems do.
   *
   * @param config which files are made, and removed at the end
   * @param files that are read again while it runs
   * @param meets whether the service manager has to be looked up yet
   */
  static Reach of(DaemonConfig config, Collection<Path> files, boolean meets) {
    Set<Path> reads = new HashSet<>(OF_THE_SYSTEM);
    reads.add(Path.of(System.getProperty("java.home")));
    Launcher.tree().ifPresent(tree -> reads.add(tree.resolve("lib")));
    files.forEach(file -> addPlaces(file.toAbsolutePath(), reads));
    return new Reach(reads, removes(config), meets);
  }

  private static Set<Path> removes(DaemonConfig config) {
    return Stream.concat(Stream.of(config.socket(), config.pidFile()), config.control().stream())
        .map(file -> Objects.requireNonNull(file.getParent()))
        .collect(Collectors.toSet());
  }

  /** Where a name is, and where it leads to. */
  private static void addPlaces(Path file, Set<Path> reads) {
    reads.add(place(file));
    try {
      reads.add(place(file.toRealPath()));
    } catch (IOException e) {
      // Nothing is there yet.
    }
  }

  /** Its directory; but for a file in the root directory nobody reads everything. */
  private static Path place(Path file) {
    Path directory = file.getParent();
    return directory == null || directory.getParent() == null ? file : directory;
  }
}
