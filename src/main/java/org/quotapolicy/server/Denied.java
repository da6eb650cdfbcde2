// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** Why a file may not be read, for people. */
public final class Denied {
  private Denied() {}

  /**
   * The reason for EACCES. access(2) goes by permissions alone; Landlock, by which the daemon bound
   * itself, by where a file is.
   */
  public static String reason(Path path) {
    return Files.isReadable(path)
        ? "the daemon reads only where it read when it started: restart it"
        : "permission denied";
  }
}
