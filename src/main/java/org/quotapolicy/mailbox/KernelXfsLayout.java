// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.XfsGeometry;
import org.quotapolicy.verdict.XfsCreation;

/** What the kernel says to whoever may open the mount point. */
final class KernelXfsLayout implements XfsLayout {

  @Override
  public Optional<XfsCreation> of(Mount mount) {
    return XfsGeometry.of(mount.mountPoint(), mount.major(), mount.minor())
        .map(KernelXfsLayout::creation);
  }

  private static XfsCreation creation(XfsGeometry geometry) {
    return new XfsCreation(
        geometry.blockSize(),
        geometry.groupBlocks(),
        geometry.inodeSize(),
        geometry.directoryBlockSize(),
        geometry.checksums(),
        geometry.freeInodeTree(),
        geometry.largeExtentCounts());
  }
}
