// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;

/** The mounts of one moment. Immutable; no question costs more when there are more mounts. */
public final class MountTable {
  private final List<Mount> mounts;
  private final Map<Seat, Mount> seats = new HashMap<>();
  private final Map<Device, Mount> devices = new HashMap<>();
  private final @Nullable Mount root;

  /** The table of these mounts, in the order of /proc/self/mountinfo. */
  public MountTable(List<Mount> mounts) {
    this.mounts = List.copyOf(mounts);
    for (Mount mount : this.mounts) {
      if (mount.id() != mount.parentId()) {
        seats.put(new Seat(mount.parentId(), mount.mountPoint()), mount);
      }
      devices.merge(Device.of(mount), mount, MountTable::moreOfTheFilesystem);
    }
    this.root = root(this.mounts);
  }

  /** All mounts. */
  public List<Mount> mounts() {
    return mounts;
  }

  /**
   * A mount of the filesystem with this device number, of its root directory if there is one, else
   * the first.
   */
  public Optional<Mount> byDevice(Device device) {
    return Optional.ofNullable(devices.get(device));
  }

  /** The mount that holds a path, or would hold it if it existed. */
  public Place resolve(String path, LinkReader links) {
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      return new Place.Failed("not an absolute path: \"" + path + "\"");
    }
    if (root == null) {
      return new Place.Failed("the mount table shows no mount at /");
    }
    return new PathWalk(this, root, links).walk(path);
  }

  /** Whether a path leads to a local mount, and no server has to be asked on the way. */
  boolean isReachable(Mount mount, LinkReader links) {
    return resolve(mount.mountPoint(), links) instanceof Place.Local local
        && local.isTouchable()
        && same(local.mount(), mount);
  }

  /**
   * Whether it is one mount, also in two tables: its ID alone can be another's by then. Not
   * equals(), which the virtual machine makes at its first use, in 10 ms of a command's time.
   */
  static boolean same(Mount one, Mount other) {
    return one.id() == other.id()
        && Device.of(one).equals(Device.of(other))
        && one.mountPoint().equals(other.mountPoint());
  }

  /** A mount of a filesystem whose mount point may be touched; empty if there is none. */
  Optional<Mount> reachable(Device device, LinkReader links) {
    return byDevice(device)
        .filter(mount -> isReachable(mount, links))
        .or(
            () ->
                mounts.stream()
                    .filter(mount -> Device.of(mount).equals(device) && isReachable(mount, links))
                    .findFirst());
  }

  /**
   * The mount that lies directly on a directory of {@code below}, if any.
   *
   * @param path without symbolic links; empty for the root directory
   */
  Optional<Mount> on(Mount below, String path) {
    return Optional.ofNullable(seats.get(new Seat(below.id(), path.isEmpty() ? "/" : path)));
  }

  private static Mount moreOfTheFilesystem(Mount first, Mount second) {
    return second.root().equals("/") && !first.root().equals("/") ? second : first;
  }

  /**
   * The mount that this process's root directory is on: the lowest of those at {@code /}, since a
   * process's root stays where it is when something is mounted over it.
   */
  private static @Nullable Mount root(List<Mount> mounts) {
    Map<Integer, Mount> atRoot = new HashMap<>();
    for (Mount mount : mounts) {
      if (mount.mountPoint().equals("/")) {
        atRoot.put(mount.id(), mount);
      }
    }
    return atRoot.values().stream()
        .filter(m -> m.id() == m.parentId() || !atRoot.containsKey(m.parentId()))
        .findFirst()
        .orElse(null);
  }

  private record Seat(int parentId, String path) {
    // Asked for at each name of a path; made by the compiler they are much slower.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Seat seat && parentId == seat.parentId && path.equals(seat.path);
    }

    @Override
    public int hashCode() {
      return 31 * parentId + path.hashCode();
    }
  }
}
