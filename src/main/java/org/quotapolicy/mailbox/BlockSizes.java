// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import java.util.function.ToIntFunction;
import org.quotapolicy.kernel.Mount;

/**
 * Block sizes by device, asked once for each as long as the mount table stays the same. Safe for
 * threads.
 */
final class BlockSizes {
  private final ToIntFunction<String> statfs;
  private final PerDevice<Integer> known = new PerDevice<>();

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
    Device device = Device.of(mount);
    Optional<Integer> size = known.get(current, device);
    return size.isPresent() ? size.get() : known.keep(current, device, ask(mount, path)).orElse(0);
  }

  private Optional<Integer> ask(Mount mount, String path) {
    int size = statfs.applyAsInt(mount.mountPoint());
    if (size == 0) {
      size = statfs.applyAsInt(path);
    }
    return Optional.of(size).filter(known -> known != 0);
  }
}
