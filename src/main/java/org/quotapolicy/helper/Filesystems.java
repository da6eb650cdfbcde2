// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountWatch;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.wire.Scope;

/** The filesystems that may have quotas, as the mount table is now: of each one mount. */
final class Filesystems {
  /** Have VFS quotas. Source: who sets quota operations under fs/ of Linux 6. */
  private static final Set<String> TYPES =
      Set.of("bcachefs", "ext2", "ext3", "ext4", "f2fs", "gfs2", "jfs", "ocfs2", "reiserfs", "xfs");

  private final MountWatch watch;
  private final Lock reading = new ReentrantLock();
  private volatile List<Mount> all = List.of();

  /** One for each device there ever was, since a call can outlast its mount. */
  private final Map<Long, Gate> gates = new HashMap<>();

  private Filesystems(MountWatch watch) {
    this.watch = watch;
  }

  static Filesystems open() throws NativeFailure {
    Filesystems filesystems = new Filesystems(MountWatch.open());
    filesystems.refresh();
    return filesystems;
  }

  /** Those of a scope, for a user with this home directory, as of the last refresh. */
  List<Mount> within(Scope scope, String home) {
    return select(all, scope, home);
  }

  static List<Mount> select(List<Mount> all, Scope scope, String home) {
    if (scope instanceof Scope.All) {
      return all;
    }
    Mount found = null;
    for (Mount one : all) {
      if (scope instanceof Scope.Device device ? isOn(device, one) : isCloser(one, found, home)) {
        found = one;
      }
    }
    return found == null ? List.of() : List.of(found);
  }

  /** Lets one thread at a time ask about a filesystem, whatever happens to its mounts. */
  Gate gate(Mount filesystem) {
    synchronized (gates) {
      return gates.computeIfAbsent(device(filesystem), unused -> new Gate(1));
    }
  }

  /** While one thread reads a table that somebody made large, the others go by the last one. */
  void refresh() throws NativeFailure {
    if (reading.tryLock()) {
      try {
        if (watch.isChanged()) {
          all = List.copyOf(oneOfEach(watch.read(() -> Filesystems::mayHaveQuotas)));
        }
      } finally {
        reading.unlock();
      }
    }
  }

  static boolean mayHaveQuotas(Mount mount) {
    return TYPES.contains(mount.type())
        || (mount.type().equals("tmpfs") && mount.superOptions().contains("quota"));
  }

  /** Of the mounts of one filesystem the first that shows all of it, else the first. */
  static Collection<Mount> oneOfEach(List<Mount> mounts) {
    Map<Long, Mount> byDevice = new LinkedHashMap<>();
    for (Mount mount : mounts) {
      Mount before = byDevice.get(device(mount));
      if (before == null || (mount.root().equals("/") && !before.root().equals("/"))) {
        byDevice.put(device(mount), mount);
      }
    }
    return byDevice.values();
  }

  private static long device(Mount mount) {
    return (long) mount.major() << Integer.SIZE | mount.minor();
  }

  private static boolean isOn(Scope.Device device, Mount one) {
    return one.major() == device.major() && one.minor() == device.minor();
  }

  /** Of several at one place the last is on top. */
  private static boolean isCloser(Mount one, @Nullable Mount found, String home) {
    String mountPoint = one.mountPoint();
    boolean above =
        home.startsWith(mountPoint)
            && (home.length() == mountPoint.length()
                || mountPoint.endsWith("/")
                || home.charAt(mountPoint.length()) == '/');
    return above && (found == null || mountPoint.length() >= found.mountPoint().length());
  }
}
