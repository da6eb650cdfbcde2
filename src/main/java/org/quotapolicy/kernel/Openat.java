// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import org.quotapolicy.kernel.Headers.fcntl;

/**
 * Opens what is already there. Source: openat(2); not openat2(2), of which {@link Confinement}
 * cannot see whether it is for reading.
 */
public final class Openat {
  private Openat() {}

  /** A descriptor, or a number of errno(3) below zero. */
  public static int open(int dirfd, String path, int flags) {
    if (!Scratch.isText(path)) {
      return -ErrNo.ENAMETOOLONG;
    }
    int fd = Libc.openat(dirfd, Scratch.ofThread().text(path), flags | fcntl.O_CLOEXEC);
    return fd < 0 ? -Native.getLastError() : fd;
  }

  /**
   * A descriptor of a filesystem's mount point without any access (O_PATH). Something else may be
   * mounted over it by now: that is ENODEV, and is not asked.
   */
  static int mountPoint(Mount filesystem) {
    int fd = open(fcntl.AT_FDCWD, filesystem.mountPoint(), fcntl.O_PATH);
    int error = fd < 0 ? 0 : Statx.check(fd, filesystem.major(), filesystem.minor());
    if (error == 0) {
      return fd;
    }
    Libc.close(fd);
    return -error;
  }
}
