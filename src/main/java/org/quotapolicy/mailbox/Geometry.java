// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

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

  /** What is needed on this filesystem for a message that needs so much. */
  Need need(MountTable table, Mount mount, int blockSize, Need message) {
    return FilesystemType.of(mount.type()) == FilesystemType.XFS
        ? message.atLeast(creation(table, Device.of(mount), blockSize))
        : message;
  }

  private long creation(MountTable table, Device device, int blockSize) {
    XfsGeometry layout =
        layouts
            .get(table, device, () -> table.byDevice(device).flatMap(xfsLayout::of))
            .orElse(XfsCreation.least(blockSize == 0 ? SMALLEST_BLOCK : blockSize));
    return XfsCreation.bytes(layout);
  }
}
