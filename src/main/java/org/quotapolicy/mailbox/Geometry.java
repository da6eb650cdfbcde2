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
   * What is needed on this filesystem for a new file with a message that needs so much.
   *
   * @param links leads to a mount of it that may be touched
   */
  Need need(MountTable table, Mount mount, int blockSize, Need message, LinkReader links) {
    FilesystemType type = FilesystemType.of(mount.type());
    return type == FilesystemType.XFS
        ? message.atLeast(XfsCreation.bytes(layout(table, mount, blockSize, links)))
        : message.plus(type.mapBytes(0, message.bytes(), blockSize));
  }

  /**
   * The same for one in a Maildir: when all of it is written, it is linked from {@code tmp} to
   * {@code new}, and only then removed there (deliver_maildir() in src/local/maildir.c of Postfix).
   */
  Need needInMaildir(MountTable table, Mount mount, int blockSize, Need message, LinkReader links) {
    boolean isXfs = FilesystemType.of(mount.type()) == FilesystemType.XFS;
    long link = isXfs ? XfsCreation.linkBytes(layout(table, mount, blockSize, links)) : 0;
    return need(table, mount, blockSize, message.plus(link), links);
  }

  private XfsGeometry layout(MountTable table, Mount mount, int blockSize, LinkReader links) {
    Device device = Device.of(mount);
    Optional<XfsGeometry> layout = layouts.get(table, device);
    if (layout.isEmpty()) {
      layout = layouts.keep(table, device, table.reachable(device, links).flatMap(xfsLayout::of));
    }
    return layout.isPresent()
        ? layout.get()
        : XfsCreation.least(blockSize == 0 ? SMALLEST_BLOCK : blockSize);
  }
}
