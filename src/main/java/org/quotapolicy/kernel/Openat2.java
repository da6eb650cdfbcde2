// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Headers.fcntl;
import org.quotapolicy.kernel.Headers.linux_openat2;
import org.quotapolicy.kernel.Headers.linux_openat2.open_how;
import org.quotapolicy.kernel.Headers.sys_syscall;

/** Opens what is already there, and never by way of a symbolic link. Source: openat2(2). */
final class Openat2 {
  private Openat2() {}

  /**
   * A descriptor, or a number of errno(3) below zero.
   *
   * @param resolve RESOLVE_* beside RESOLVE_NO_SYMLINKS
   */
  static int open(int dirfd, String path, int flags, int resolve) {
    if (!Scratch.isText(path)) {
      return -ErrNo.ENAMETOOLONG;
    }
    Scratch scratch = Scratch.ofThread();
    ByteBuffer how = scratch.struct.fields();
    how.putLong(open_how.flags, flags | fcntl.O_CLOEXEC);
    how.putLong(open_how.mode, 0);
    how.putLong(open_how.resolve, resolve | linux_openat2.RESOLVE_NO_SYMLINKS);
    long number = sys_syscall.SYS_openat2;
    long address = scratch.struct.address();
    int fd = (int) Libc.syscall(number, dirfd, scratch.text(path), address, open_how.SIZE, 0);
    return fd < 0 ? -Native.getLastError() : fd;
  }

  /**
   * A descriptor of a filesystem's mount point without any access (O_PATH), found in the kernel's
   * cache alone: what would have to be asked of a disk or a server is EAGAIN. Something else may be
   * mounted over it by now: that is ENODEV, and is not asked.
   */
  static int mountPoint(Mount filesystem) {
    int fd =
        open(fcntl.AT_FDCWD, filesystem.mountPoint(), fcntl.O_PATH, linux_openat2.RESOLVE_CACHED);
    int error = fd < 0 ? 0 : Statx.check(fd, filesystem.major(), filesystem.minor());
    if (error == 0) {
      return fd;
    }
    Libc.close(fd);
    return -error;
  }
}
