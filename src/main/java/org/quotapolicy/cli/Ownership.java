// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whose files are. */
final class Ownership {
  private static final int WRITABLE_BY_OTHERS = 022;

  private Ownership() {}

  /** Whether a file belongs to root, and nobody else's permissions let him write to it. */
  static boolean isRootsAlone(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid") == 0
        && ((Integer) Files.getAttribute(file, "unix:mode") & WRITABLE_BY_OTHERS) == 0;
  }
}
