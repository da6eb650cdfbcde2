// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.system.XfsGeometry;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;

/** How filesystems give out space. Safe for threads. */
final class Geometry {
  /** Of XFS, in bytes: stands in for a block size that is not known. */
  private static final int SMALLEST_BLOCK = 512;

  private final BlockSizes sizes;
  private final XfsLayout xfsLayout;
  private final PerDevice<XfsGeometry> layouts = new PerDevice<>();

  Geometry(BlockSizes sizes, XfsLayout xfsLayout) {
    this.sizes = sizes;
    this.xfsLayout = xfsLayout;
  }

  /** Bytes in which a local filesystem gives out space; 0 = not known. */
  int blockSize(MountTable table, Mount mount, String path) {
    return sizes.of(table, mount, path);
  }

  /**
   * What is needed on this filesystem for a message that needs so much.
   *
   * @param links leads to a mount of it that may be touched
   */
  Need need(MountTable table, Mount mount, int blockSize, Need message, LinkReader links) {
    FilesystemType type = FilesystemType.of(mount.type());
    return type == FilesystemType.XFS
        ? message.atLeast(creation(table, mount, blockSize, links))
        : message.plus(type.mapBytes(0, message.bytes(), blockSize));
  }

  private long creation(MountTable table, Mount mount, int blockSize, LinkReader links) {
    Device device = Device.of(mount);
    Optional<XfsGeometry> layout = layouts.get(table, device);
    if (layout.isEmpty()) {
      layout = layouts.keep(table, device, table.reachable(device, links).flatMap(xfsLayout::of));
    }
    return XfsCreation.bytes(
        layout.isPresent()
            ? layout.get()
            : XfsCreation.least(blockSize == 0 ? SMALLEST_BLOCK : blockSize));
  }
}
