// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** bin/quotapolicy, which started this process and starts the helper. */
final class Launcher {
  private Launcher() {}

  /** Its absolute path, as it said itself. */
  static String path() throws IOException {
    return known().orElseThrow(Launcher::missing);
  }

  /** What is installed: the directory above its own; empty if it did not start this process. */
  static Optional<Path> tree() {
    return known()
        .map(path -> Objects.requireNonNull(Path.of(path).getParent()).resolveSibling(""));
  }

  private static Optional<String> known() {
    return Optional.ofNullable(System.getProperty("quotapolicy.launcher"));
  }

  static IOException missing() {
    return new IOException("not started by bin/quotapolicy, so the helper cannot be started");
  }
}
