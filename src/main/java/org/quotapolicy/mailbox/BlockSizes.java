// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.quotapolicy.mount.Mount;

/**
 * Block sizes by device, asked once for each as long as the mount table stays the same: only a new
 * filesystem can have another size. Safe for threads.
 */
final class BlockSizes {
  private final ToIntFunction<String> statfs;
  private final Map<Long, Integer> known = new HashMap<>();

  /** The one they are known for, which this must not keep in memory. */
  private WeakReference<MountTable> table = new WeakReference<>(null);

  /**
   * Sizes that are asked with this.
   *
   * @param statfs gives the block size at a path in bytes, 0 if it cannot be told; may block
   */
  BlockSizes(ToIntFunction<String> statfs) {
    this.statfs = statfs;
  }

  /**
   * Bytes in which a local filesystem gives out space; 0 = not known.
   *
   * <p>Asks at the mount point, not at {@code path} on it, if it can: whoever owns the path could
   * mount something there that never answers.
   */
  int of(MountTable current, Mount mount, String path) {
    long device = (long) mount.major() << Integer.SIZE | mount.minor();
    Optional<Integer> cached = cached(current, device);
    if (cached.isPresent()) {
      return cached.get();
    }
    int size = statfs.applyAsInt(mount.mountPoint());
    if (size == 0) {
      size = statfs.applyAsInt(path);
    }
    if (size != 0) {
      store(current, device, size);
    }
    return size;
  }

  private synchronized Optional<Integer> cached(MountTable current, long device) {
    return table.refersTo(current) ? Optional.ofNullable(known.get(device)) : Optional.empty();
  }

  private synchronized void store(MountTable current, long device, int size) {
    if (!table.refersTo(current)) {
      table = new WeakReference<>(current);
      known.clear();
    }
    known.put(device, size);
  }
}
