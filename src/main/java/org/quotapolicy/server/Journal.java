// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether systemd's journal reads what this process says. */
final class Journal {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Journal() {}

  /**
   * Whether standard error is the stream that JOURNAL_STREAM names. It is inherited by processes
   * whose output goes elsewhere, so its presence alone says nothing. Source: systemd.exec(5).
   *
   * @param stream device and inode number, {@code 8:1234}; null if the variable is not set
   */
  static boolean isStandardError(@Nullable String stream) {
    return stream != null && isStream(stream, STANDARD_ERROR);
  }

  static boolean isStream(String stream, Path path) {
    try {
      Object device = Files.getAttribute(path, "unix:dev");
      Object inode = Files.getAttribute(path, "unix:ino");
      return stream.equals(device + ":" + inode);
    } catch (IOException e) {
      return false;
    }
  }
}
