// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Filesystem;
import org.quotapolicy.mount.Mount;

/**
 * Picks the filesystems that may have quotas from a mount table, each once, with a path that cannot
 * block if there is one.
 *
 * <p>A path can block if its look-up crosses a network filesystem, FUSE or an automount point; and
 * it leads elsewhere if something is mounted over it, or over a directory above it. So it is
 * followed through the table as the kernel would: all mounts on the way must be of local types, and
 * the last must be the one that is meant.
 */
final class Candidates {
  /** Have VFS quotas. Source: who sets quota operations under fs/ of Linux 6. */
  private static final Set<String> QUOTA_TYPES =
      Set.of("bcachefs", "ext2", "ext3", "ext4", "f2fs", "gfs2", "jfs", "ocfs2", "reiserfs", "xfs");

  /** Need no other host to look a name up. */
  private static final Set<String> LOCAL_TYPES =
      Set.of(
          "bcachefs",
          "btrfs",
          "devtmpfs",
          "erofs",
          "ext2",
          "ext3",
          "ext4",
          "f2fs",
          "jfs",
          "overlay",
          "ramfs",
          "reiserfs",
          "rootfs",
          "squashfs",
          "tmpfs",
          "vfat",
          "xfs",
          "zfs");

  private final List<Mount> mounts;
  private final Map<Integer, Mount> byId = new HashMap<>();
  private final Map<Integer, List<Mount>> mountedOn = new HashMap<>();
  private @Nullable Mount root;

  private Candidates(List<Mount> mounts) {
    this.mounts = mounts;
    for (Mount mount : mounts) {
      byId.put(mount.id(), mount);
    }
    for (Mount mount : mounts) {
      attach(mount);
    }
  }

  static List<Filesystem> of(List<Mount> mounts) {
    return new Candidates(mounts).pick();
  }

  private void attach(Mount mount) {
    boolean parentOutside = !byId.containsKey(mount.parentId()) || mount.parentId() == mount.id();
    if (!parentOutside) {
      List<Mount> siblings = mountedOn.get(mount.parentId());
      if (siblings == null) {
        siblings = new ArrayList<>();
        mountedOn.put(mount.parentId(), siblings);
      }
      siblings.add(mount);
    } else if (root == null && mount.mountPoint().equals("/")) {
      root = mount;
    }
  }

  private List<Filesystem> pick() {
    Map<Long, Filesystem> picked = new LinkedHashMap<>();
    for (Mount mount : mounts) {
      long device = (long) mount.major() << Integer.SIZE | mount.minor();
      Filesystem before = picked.get(device);
      if (mayHaveQuotas(mount) && (before == null || before.path() == null)) {
        picked.put(device, filesystem(mount));
      }
    }
    return List.copyOf(picked.values());
  }

  private static boolean mayHaveQuotas(Mount mount) {
    return QUOTA_TYPES.contains(mount.type())
        || (mount.type().equals("tmpfs") && mount.superOptions().contains("quota"));
  }

  private Filesystem filesystem(Mount mount) {
    boolean isXfs = mount.type().equals("xfs");
    String path = canBeOpened(mount) ? mount.mountPoint() : null;
    return new Filesystem(mount.major(), mount.minor(), isXfs, path, mount.source());
  }

  /** Whether the look-up of its mount point ends there, and crosses only local filesystems. */
  private boolean canBeOpened(Mount mount) {
    Mount here = root;
    for (int steps = 0; here != null && steps <= mounts.size(); steps++) {
      Mount next = next(here, mount.mountPoint());
      if (next == null) {
        return here.id() == mount.id();
      }
      if (!LOCAL_TYPES.contains(here.type())) {
        return false;
      }
      here = next;
    }
    return false;
  }

  /** The mount that a look-up of {@code path} comes to first behind {@code here}, if any. */
  private @Nullable Mount next(Mount here, String path) {
    Mount next = null;
    for (Mount mount : mountedOn.getOrDefault(here.id(), List.of())) {
      boolean onTheWay = isAtOrBelow(path, mount.mountPoint());
      if (onTheWay && (next == null || mount.mountPoint().length() <= next.mountPoint().length())) {
        next = mount; // of several at one place the last is on top
      }
    }
    return next;
  }

  private static boolean isAtOrBelow(String path, String directory) {
    return path.startsWith(directory)
        && (path.length() == directory.length()
            || directory.equals("/")
            || path.charAt(directory.length()) == '/');
  }
}
