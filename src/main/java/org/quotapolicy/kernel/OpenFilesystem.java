// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.QuotaType;

/**
 * A filesystem as quotactl(2) can be asked about it.
 *
 * <p>By its device node: no path on the way that a user could change, and nothing open that could
 * make umount(2) fail with EBUSY. Where there is no node, as in a container or for tmpfs, by a
 * descriptor of its mount point (quotactl_fd, Linux 5.14). Names change hands, so both count only
 * if the device number is the one that is meant.
 */
final class OpenFilesystem implements AutoCloseable {
  private static final boolean HAS_QUOTACTL_FD = hasQuotactlFd();

  /** So long a node is known that was looked at; no device goes and another comes within it. */
  private static final long KNOWN_NS = 5_000_000;

  private static final ThreadLocal<@Nullable Node> LAST = new ThreadLocal<>();

  private final Mount filesystem;
  private final Scratch scratch = Scratch.ofThread();
  private String device = "";
  private int fd = -1;

  /** A device's node, and when it was looked at. */
  private record Node(int major, int minor, String path, long seen) {
    private boolean isOf(Mount mount) {
      return mount.major() == major
          && mount.minor() == minor
          && System.nanoTime() - seen < KNOWN_NS;
    }
  }

  OpenFilesystem(Mount filesystem) {
    this.filesystem = filesystem;
  }

  /** The C library has no function for it, and ENOSYS is also what a filesystem may answer. */
  private static boolean hasQuotactlFd() {
    // A command that Confinement allows.
    long command = Headers.linux_dqblk_xfs.Q_XGETQSTATV << Headers.linux_quota.SUBCMDSHIFT;
    long result = Libc.syscall(Headers.sys_syscall.SYS_quotactl_fd, -1, command, 0, 0, 0);
    return result < 0 && Native.getLastError() == ErrNo.EBADF;
  }

  /** Opens it; returns 0 or why it cannot be asked, a number of errno(3). */
  int open() {
    Node last = LAST.get();
    if (last != null && last.isOf(filesystem)) {
      device = last.path();
      return 0;
    }
    int error = useDevice("/dev/block/" + filesystem.major() + ":" + filesystem.minor());
    if (error != 0 && filesystem.source().startsWith("/dev/")) {
      error = useDevice(filesystem.source());
    }
    return error != 0 && HAS_QUOTACTL_FD ? openMountPoint() : error;
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
        fd < 0
            ? Libc.quotactl(typed, scratch.text(device), (int) id, address)
            : Libc.syscall(Headers.sys_syscall.SYS_quotactl_fd, fd, typed, id, address, 0);
    int error = result == 0 ? 0 : Native.getLastError();
    // ENOENT is what XFS says of an id without a record, and what the kernel says of a lost node.
    return error == ErrNo.ENOENT && fd < 0 && useDevice(device) != 0 ? ErrNo.ENODEV : error;
  }

  @Override
  public void close() {
    if (fd >= 0) {
      Libc.close(fd);
    }
    fd = -1;
  }

  private int useDevice(String path) {
    device = path;
    if (!Scratch.isText(path)) {
      return ErrNo.ENAMETOOLONG;
    }
    int error = Statx.of(Headers.fcntl.AT_FDCWD, path, 0, 0); // device numbers are always given
    if (error == 0 && !Statx.isNodeOf(filesystem.major(), filesystem.minor())) {
      error = ErrNo.ENODEV;
    }
    if (error == 0) {
      LAST.set(new Node(filesystem.major(), filesystem.minor(), path, System.nanoTime()));
    }
    return error;
  }

  private int openMountPoint() {
    fd = Openat.mountPoint(filesystem);
    return Math.max(0, -fd);
  }
}
