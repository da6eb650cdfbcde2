// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.quota.QuotaType;

/**
 * A filesystem as quotactl(2) can be asked about it.
 *
 * <p>By a descriptor of a mount point where that can be (quotactl_fd, Linux 5.14): it needs no
 * device node, and O_PATH needs no right to read. Otherwise by the device node. Names change hands,
 * so both count only if the device number is the one that is meant.
 */
final class OpenFilesystem implements AutoCloseable {
  private static final boolean HAS_QUOTACTL_FD = hasQuotactlFd();

  private final Filesystem filesystem;
  private final Scratch scratch = Scratch.ofThread();
  private int fd = -1;
  private String device = "";

  OpenFilesystem(Filesystem filesystem) {
    this.filesystem = filesystem;
  }

  /** The C library has no function for it, and ENOSYS is also what a filesystem may answer. */
  private static boolean hasQuotactlFd() {
    long result = Libc.syscall(Headers.sys_syscall.SYS_quotactl_fd, -1, 0, 0, 0);
    return result < 0 && Native.getLastError() == ErrNo.EBADF;
  }

  /** Opens it; returns 0 or why it cannot be asked, a number of errno(3). */
  int open() {
    String path = filesystem.path();
    int pathError = path == null ? ErrNo.ENODEV : openPath(path);
    if (pathError == 0 && HAS_QUOTACTL_FD) {
      return 0;
    }
    int deviceError = findDevice();
    return deviceError == ErrNo.ENOENT && pathError != 0 ? pathError : deviceError;
  }

  /**
   * Calls quotactl with the thread's struct as address.
   *
   * @return 0 or a number of errno(3)
   */
  int control(int command, QuotaType type, long id) {
    int typed = command << Headers.linux_quota.SUBCMDSHIFT | type.number();
    long address = scratch.struct.address();
    long result =
        device.isEmpty()
            ? Libc.syscall(Headers.sys_syscall.SYS_quotactl_fd, fd, typed, id, address)
            : Libc.quotactl(typed, scratch.text(device), (int) id, address);
    return result == 0 ? 0 : Native.getLastError();
  }

  /** Bytes in which it gives out space; 0 = not known, as when only its device can be named. */
  int blockSize() {
    NativeBuffer statfs = scratch.struct;
    if (fd < 0 || Libc.fstatfs(fd, statfs.address()) != 0) {
      return 0;
    }
    return (int) statfs.fields().getLong(Headers.sys_statfs.statfs.f_bsize);
  }

  @Override
  public void close() {
    if (fd >= 0) {
      Libc.close(fd);
    }
    fd = -1;
  }

  private int openPath(String path) {
    if (!Scratch.isText(path)) {
      return ErrNo.ENAMETOOLONG;
    }
    long number = Headers.sys_syscall.SYS_openat2;
    long size = Headers.linux_openat2.open_how.SIZE;
    long name = scratch.text(path);
    fd = (int) Libc.syscall(number, Headers.fcntl.AT_FDCWD, name, openHow(), size);
    int error = fd < 0 ? Native.getLastError() : checkDescriptor();
    if (error != 0) {
      close();
    }
    return error;
  }

  private long openHow() {
    ByteBuffer how = scratch.struct.fields();
    long flags = Headers.fcntl.O_PATH | Headers.fcntl.O_CLOEXEC;
    how.putLong(Headers.linux_openat2.open_how.flags, flags);
    how.putLong(Headers.linux_openat2.open_how.mode, 0);
    how.putLong(Headers.linux_openat2.open_how.resolve, Headers.linux_openat2.RESOLVE_NO_SYMLINKS);
    return scratch.struct.address();
  }

  private int checkDescriptor() {
    return check(fd, "", Headers.fcntl.AT_EMPTY_PATH, Headers.sys_stat.statx.stx_dev_major);
  }

  private int findDevice() {
    int error = checkDevice("/dev/block/" + filesystem.major() + ":" + filesystem.minor());
    if (error != 0 && filesystem.source().startsWith("/dev/")) {
      error = checkDevice(filesystem.source());
    }
    return error;
  }

  private int checkDevice(String path) {
    device = path;
    return Scratch.isText(path)
        ? check(Headers.fcntl.AT_FDCWD, path, 0, Headers.sys_stat.statx.stx_rdev_major)
        : ErrNo.ENAMETOOLONG;
  }

  /** ENODEV if the device number at {@code offset} of struct statx is not the one that is meant. */
  private int check(int dirfd, String path, int flags, int offset) {
    int mask = 0; // device numbers are always given
    if (Libc.statx(dirfd, scratch.text(path), flags, mask, scratch.struct.address()) != 0) {
      return Native.getLastError();
    }
    ByteBuffer statx = scratch.struct.fields();
    boolean same =
        statx.getInt(offset) == filesystem.major()
            && statx.getInt(offset + Integer.BYTES) == filesystem.minor();
    return same ? 0 : ErrNo.ENODEV;
  }
}
