// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.quotapolicy.kernel.Openat;
import org.quotapolicy.kernel.Scratch;
import org.quotapolicy.kernel.Statx;
import org.quotapolicy.system.Headers.xfs_xfs;
import org.quotapolicy.system.Headers.xfs_xfs.xfs_fsop_geom_v4;

/**
 * What of an XFS filesystem's layout decides how much it reserves. Source: XFS_IOC_FSGEOMETRY,
 * xfsctl(3), struct xfs_fsop_geom_v4 in xfs/xfs_fs.h; needs no privilege.
 *
 * @param blockSize bytes
 * @param groupBlocks blocks of an allocation group; an unsigned 32-bit number
 * @param inodeSize bytes
 * @param directoryBlockSize bytes
 * @param checksums whether it is of version 5
 * @param freeInodeTree whether it has a tree of free inodes
 * @param largeExtentCounts whether a file can have 2^48 extents
 * @param parentPointers whether each file says in which directories it is
 */
public record XfsGeometry(
    int blockSize,
    long groupBlocks,
    int inodeSize,
    int directoryBlockSize,
    boolean checksums,
    boolean freeInodeTree,
    boolean largeExtentCounts,
    boolean parentPointers) {

  /**
   * Asks about the filesystem of a directory; empty if the directory may not be opened, or is on
   * another filesystem. Blocks as long as the filesystem does.
   *
   * @param directory each byte as one char (ISO 8859-1)
   * @param major major number of the filesystem that is meant
   * @param minor its minor number
   */
  public static Optional<XfsGeometry> of(String directory, int major, int minor) {
    Scratch scratch = Scratch.ofThread();
    if (!Scratch.isText(directory)) {
      return Optional.empty();
    }
    int flags = Headers.fcntl.O_RDONLY | Headers.fcntl.O_NONBLOCK;
    int fd = Openat.open(Headers.fcntl.AT_FDCWD, directory, flags);
    if (fd < 0) {
      return Optional.empty();
    }
    try {
      return Statx.check(fd, major, minor) == 0 ? ask(scratch, fd) : Optional.empty();
    } finally {
      Libc.close(fd);
    }
  }

  private static Optional<XfsGeometry> ask(Scratch scratch, int fd) {
    if (Libc.ioctl(fd, xfs_xfs.XFS_IOC_FSGEOMETRY_V4, scratch.struct.address()) != 0) {
      return Optional.empty();
    }
    ByteBuffer geometry = scratch.struct.fields();
    int flags = geometry.getInt(xfs_fsop_geom_v4.flags);
    return Optional.of(
        new XfsGeometry(
            geometry.getInt(xfs_fsop_geom_v4.blocksize),
            Integer.toUnsignedLong(geometry.getInt(xfs_fsop_geom_v4.agblocks)),
            geometry.getInt(xfs_fsop_geom_v4.inodesize),
            geometry.getInt(xfs_fsop_geom_v4.dirblocksize),
            (flags & xfs_xfs.XFS_FSOP_GEOM_FLAGS_V5SB) != 0,
            (flags & xfs_xfs.XFS_FSOP_GEOM_FLAGS_FINOBT) != 0,
            (flags & xfs_xfs.XFS_FSOP_GEOM_FLAGS_NREXT64) != 0,
            (flags & xfs_xfs.XFS_FSOP_GEOM_FLAGS_PARENT) != 0));
  }
}
