// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Symbolic links from a map; everything else is a directory. Remembers what was touched. */
public final class FakeLinks implements LinkReader {
  private final Map<String, Symlink> found = new HashMap<>();
  private final List<String> touched = new ArrayList<>();

  /** {@code what}: {@code -> target}, {@code ENOENT}, {@code EACCES} or another error. */
  public FakeLinks with(String path, String what) {
    found.put(path, symlink(what));
    return this;
  }

  @Override
  public Symlink read(String path) {
    touched.add(path);
    return found.getOrDefault(path, new Symlink.NotALink());
  }

  /** Paths that were read, in order. */
  public List<String> touched() {
    return touched;
  }

  private static Symlink symlink(String what) {
    if (what.startsWith("-> ")) {
      return new Symlink.Target(what.substring(3));
    }
    return switch (what) {
      case "ENOENT" -> new Symlink.Absent();
      case "EACCES" -> new Symlink.Hidden();
      default -> new Symlink.Failed(what);
    };
  }
}
