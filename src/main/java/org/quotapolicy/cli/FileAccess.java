// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the permission bits of files allow to somebody. Source: path_resolution(7).
 *
 * @param uid effective user id; not 0
 * @param gid the only group
 */
record FileAccess(long uid, long gid) {
  private static final int WRITE = 2;
  private static final int SEARCH = 1;

  /** The first directory or file on the way that keeps him from writing to it; empty if none. */
  Optional<Path> obstacle(Path file) throws IOException {
    Path way = Path.of("/");
    for (Path name : file.toAbsolutePath()) {
      if (!allows(way, SEARCH)) {
        return Optional.of(way);
      }
      way = way.resolve(name);
    }
    return allows(way, WRITE) ? Optional.empty() : Optional.of(way);
  }

  private boolean allows(Path path, int right) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode");
    int shift = isOwner(path) ? 6 : isInGroup(path) ? 3 : 0;
    return (mode >> shift & right) != 0;
  }

  private boolean isOwner(Path path) throws IOException {
    return uid == Integer.toUnsignedLong((Integer) Files.getAttribute(path, "unix:uid"));
  }

  private boolean isInGroup(Path path) throws IOException {
    return gid == Integer.toUnsignedLong((Integer) Files.getAttribute(path, "unix:gid"));
  }
}
