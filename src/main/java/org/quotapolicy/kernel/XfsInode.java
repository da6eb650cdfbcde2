// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Headers.fcntl;
import org.quotapolicy.kernel.Headers.linux_fs;
import org.quotapolicy.kernel.Headers.sys_stat;
import org.quotapolicy.kernel.Headers.xfs_xfs;
import org.quotapolicy.kernel.Headers.xfs_xfs.xfs_bstat;
import org.quotapolicy.kernel.Headers.xfs_xfs.xfs_fsop_bulkreq;
import org.quotapolicy.quota.Project;

/**
 * Asks XFS about an inode by its number. Source: XFS_IOC_FSBULKSTAT_SINGLE, xfsctl(3); needs
 * CAP_SYS_ADMIN, and a descriptor with which the mount point was opened for reading: EACCES if that
 * is not allowed to everybody. It reads only, so a frozen filesystem answers.
 */
final class XfsInode {
  private static final int LASTIP = xfs_fsop_bulkreq.SIZE;
  private static final int OCOUNT = LASTIP + Long.BYTES;
  private static final int BSTAT = OCOUNT + Long.BYTES;

  private XfsInode() {}

  /**
   * The project that a new file in this directory belongs to, or that this file belongs to; or a
   * number of errno(3) below zero. Nothing stays open.
   *
   * @param inode unsigned; EINVAL or ENOENT if there is no such inode
   */
  static long project(Mount filesystem, long inode) {
    if (!filesystem.type().equals("xfs")) {
      return -ErrNo.EOPNOTSUPP;
    }
    int mountPoint = Openat.mountPoint(filesystem);
    if (mountPoint < 0) {
      return mountPoint;
    }
    // "." is where the first one already is, whatever was mounted over it since.
    int flags = fcntl.O_RDONLY | fcntl.O_NONBLOCK;
    int fd = Openat.open(mountPoint, ".", flags);
    Libc.close(mountPoint);
    if (fd < 0) {
      return fd;
    }
    int error = bulkstat(fd, inode);
    Libc.close(fd);
    return error == 0 ? project() : -error;
  }

  private static int bulkstat(int fd, long inode) {
    NativeBuffer struct = Scratch.ofThread().struct;
    ByteBuffer fields = struct.fields();
    fields.putLong(xfs_fsop_bulkreq.lastip, struct.address() + LASTIP);
    fields.putInt(xfs_fsop_bulkreq.icount, 1);
    fields.putLong(xfs_fsop_bulkreq.ubuffer, struct.address() + BSTAT);
    fields.putLong(xfs_fsop_bulkreq.ocount, struct.address() + OCOUNT);
    fields.putLong(LASTIP, inode);
    return Libc.ioctl(fd, xfs_xfs.XFS_IOC_FSBULKSTAT_SINGLE, struct.address()) == 0
        ? 0
        : Native.getLastError();
  }

  private static long project() {
    ByteBuffer fields = Scratch.ofThread().struct.fields();
    long low = Short.toUnsignedLong(fields.getShort(BSTAT + xfs_bstat.bs_projid_lo));
    long high = Short.toUnsignedLong(fields.getShort(BSTAT + xfs_bstat.bs_projid_hi));
    int mode = fields.getShort(BSTAT + xfs_bstat.bs_mode);
    int xflags = fields.getInt(BSTAT + xfs_bstat.bs_xflags);
    boolean isDirectory = (mode & sys_stat.S_IFMT) == sys_stat.S_IFDIR;
    boolean isHandedOn = (xflags & linux_fs.FS_XFLAG_PROJINHERIT) != 0;
    return Project.ofNewFile(isDirectory, isHandedOn, high << Short.SIZE | low);
  }
}
