// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Openat;
import org.quotapolicy.kernel.Scratch;
import org.quotapolicy.kernel.Statx;
import org.quotapolicy.quota.Project;
import org.quotapolicy.system.Headers.fcntl;
import org.quotapolicy.system.Headers.linux_fs;
import org.quotapolicy.system.Headers.linux_fs.file_attr;
import org.quotapolicy.system.Headers.linux_fs.fsxattr;
import org.quotapolicy.system.Headers.sys_stat;
import org.quotapolicy.system.Headers.sys_stat.statx;
import org.quotapolicy.system.Headers.sys_syscall;

/**
 * Which project's quota a message is charged to; for the daemon, and with its rights.
 *
 * <p>Told by file_getattr(2), which like stat(2) needs no right to the directory itself (Linux
 * 6.17), else by FS_IOC_FSGETXATTR to who may open it.
 */
public final class FileProject {
  private static final boolean HAS_FILE_GETATTR = hasFileGetattr();

  private final Scratch scratch = Scratch.ofThread();
  private final String path;
  private final int major;
  private final int minor;

  private FileProject(String path, int major, int minor) {
    this.path = path;
    this.major = major;
    this.minor = minor;
  }

  /** What the kernel said. */
  public sealed interface Reply {

    /** The project; an unsigned 32-bit number. */
    record Known(long id) implements Reply {}

    /**
     * This process may not know.
     *
     * @param inode the number by which XFS can be asked
     * @param errno why, a number of errno(3)
     */
    record Hidden(long inode, int errno) implements Reply {}

    /** Not even that; {@code errno} is a number of errno(3), ENOENT if there is nothing. */
    record Failed(int errno) implements Reply {}
  }

  private static boolean hasFileGetattr() {
    long result = Libc.syscall(sys_syscall.SYS_file_getattr, -1, 0, 0, 0, 0);
    return result < 0 && Native.getLastError() != ErrNo.ENOSYS;
  }

  /**
   * The project of a new file in a directory, or of a file. Blocks as long as the filesystem does.
   *
   * @param path without symbolic links, each byte as one char (ISO 8859-1)
   * @param major major number of the filesystem that is meant; EXDEV if it is another
   * @param minor its minor number
   */
  public static Reply of(String path, int major, int minor) {
    return Scratch.isText(path)
        ? new FileProject(path, major, minor).ask()
        : new Reply.Failed(ErrNo.ENAMETOOLONG);
  }

  private Reply ask() {
    int mask = sys_stat.STATX_TYPE | sys_stat.STATX_INO;
    int error = Statx.of(fcntl.AT_FDCWD, path, fcntl.AT_SYMLINK_NOFOLLOW, mask);
    if (error == 0 && !Statx.isOn(major, minor)) {
      error = ErrNo.EXDEV;
    }
    if (error != 0) {
      return new Reply.Failed(error);
    }
    int mode = scratch.struct.fields().getShort(statx.stx_mode);
    long inode = scratch.struct.fields().getLong(statx.stx_ino);
    return HAS_FILE_GETATTR && fileGetattr()
        ? known(mode, file_attr.fa_xflags, file_attr.fa_projid)
        : open(mode, inode);
  }

  private boolean fileGetattr() {
    long name = scratch.text(path);
    long attr = scratch.struct.address();
    int flags = fcntl.AT_SYMLINK_NOFOLLOW;
    long number = sys_syscall.SYS_file_getattr;
    return Libc.syscall(number, fcntl.AT_FDCWD, name, attr, file_attr.SIZE, flags) == 0;
  }

  private Reply open(int mode, long inode) {
    // First without access: what a link leads to by now may be a device, which opening would touch.
    int place = Openat.open(fcntl.AT_FDCWD, path, fcntl.O_PATH);
    int error = place < 0 ? -place : check(place, inode);
    int fd = error == 0 ? reopen(place) : -error;
    if (place >= 0) {
      Libc.close(place);
    }
    if (fd < 0) {
      return new Reply.Hidden(inode, -fd);
    }
    if (error == 0 && Libc.ioctl(fd, linux_fs.FS_IOC_FSGETXATTR, scratch.struct.address()) != 0) {
      error = Native.getLastError();
    }
    Libc.close(fd);
    return error == 0
        ? known(mode, fsxattr.fsx_xflags, fsxattr.fsx_projid)
        : new Reply.Hidden(inode, error);
  }

  private static int reopen(int place) {
    int flags = fcntl.O_RDONLY | fcntl.O_NONBLOCK;
    return Openat.open(fcntl.AT_FDCWD, "/proc/self/fd/" + place, flags);
  }

  /** EXDEV if it is not the file that the path named when it was no link. */
  private int check(int fd, long inode) {
    int error = Statx.of(fd, "", fcntl.AT_EMPTY_PATH, sys_stat.STATX_INO);
    boolean isSame =
        Statx.isOn(major, minor) && scratch.struct.fields().getLong(statx.stx_ino) == inode;
    return error == 0 && !isSame ? ErrNo.EXDEV : error;
  }

  private Reply known(int mode, int xflagsOffset, int projectOffset) {
    ByteBuffer fields = scratch.struct.fields();
    long project = Integer.toUnsignedLong(fields.getInt(projectOffset));
    boolean isDirectory = (mode & sys_stat.S_IFMT) == sys_stat.S_IFDIR;
    boolean isHandedOn = (fields.getInt(xflagsOffset) & linux_fs.FS_XFLAG_PROJINHERIT) != 0;
    return new Reply.Known(Project.ofNewFile(isDirectory, isHandedOn, project));
  }
}
