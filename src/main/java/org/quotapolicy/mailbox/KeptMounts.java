// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.quotapolicy.kernel.Mount;

/**
 * Keeps of each mount what is needed, while the table is parsed: users can make it far larger than
 * this process's memory, by FUSE mounts at long paths with long sources.
 *
 * <p>A mount point that is longer than any path can be is not kept: no path leads there. Of the
 * options of a filesystem only an NFS server's address and grpid are kept, nor is the directory
 * that is mounted if it is not the whole of a filesystem. What is kept has a bound, which a
 * thousand FUSE mounts cannot reach, the most that fuse.conf(5) allows users; beyond it the table
 * is as good as unreadable, since a part of it could tell a wrong mount.
 */
final class KeptMounts implements Predicate<Mount> {
  /**
   * The option by which new files belong to the group of their directory, bsdgroups is the same.
   */
  static final String GROUPS_OF_DIRECTORIES = "grpid";

  /** PATH_MAX of linux/limits.h. */
  static final int LONGEST_PATH = 4_096;

  /** Of types, of which none that is known is so long, and of sources that are for messages. */
  static final int LONGEST_TEXT = 256;

  /** Bytes of heap, roughly: a quarter of the daemon's, which may hold two tables. */
  static final long MOST_BYTES = 16L << 20;

  /** Of a mount without its texts: the record, its strings' heads, its places in maps. */
  private static final int BYTES_OF_A_MOUNT = 300;

  private static final String PART = "(part)";

  private final List<Mount> mounts = new ArrayList<>();
  private final Map<String, String> texts = new HashMap<>();
  private long bytes;

  /** Keeps a mount; none is wanted in the parser's own list. */
  @Override
  public boolean test(Mount mount) {
    if (mount.mountPoint().length() <= LONGEST_PATH && bytes <= MOST_BYTES) {
      keep(mount);
    }
    if (bytes > MOST_BYTES) {
      mounts.clear();
      texts.clear();
    }
    return false;
  }

  private void keep(Mount mount) {
    bytes += BYTES_OF_A_MOUNT + mount.mountPoint().length();
    mounts.add(
        new Mount(
            mount.id(),
            mount.parentId(),
            mount.major(),
            mount.minor(),
            mount.root().equals("/") ? "/" : PART,
            mount.mountPoint(),
            once(mount.type(), LONGEST_TEXT),
            once(mount.source(), isNfs(mount) ? LONGEST_PATH : LONGEST_TEXT),
            isNfs(mount)
                ? once(address(mount.superOptions()), LONGEST_TEXT)
                : groups(mount.superOptions())));
  }

  private static boolean isNfs(Mount mount) {
    return MountKind.isNfs(mount.type());
  }

  private static String groups(String options) {
    boolean isGiven =
        options.contains(GROUPS_OF_DIRECTORIES)
            && Arrays.asList(options.split(",", -1)).contains(GROUPS_OF_DIRECTORIES);
    return isGiven ? GROUPS_OF_DIRECTORIES : "";
  }

  /** The option {@code addr=} of an NFS mount. Source: fs/nfs/super.c. */
  private static String address(String options) {
    return Arrays.stream(options.split(",", -1))
        .filter(option -> option.startsWith("addr="))
        .findFirst()
        .orElse("");
  }

  /** The same text, cut, and kept once however many mounts have it. */
  private String once(String whole, int longest) {
    String text = whole.length() > longest ? whole.substring(0, longest) : whole;
    String before = texts.putIfAbsent(text, text);
    if (before == null) {
      bytes += text.length();
    }
    return before == null ? text : before;
  }

  /** What was kept; fails if that would have been too much. */
  MountTable table() throws IOException {
    if (bytes > MOST_BYTES) {
      throw new IOException("it is too large: more than " + (MOST_BYTES >> 20) + " MiB");
    }
    return new MountTable(mounts);
  }
}
