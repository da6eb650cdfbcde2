// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Headers.fcntl;
import org.quotapolicy.kernel.Headers.sys_stat.statx;

/** What statx(2) tells, in this thread's struct. */
public final class Statx {
  private Statx() {}

  /** Fills the struct; returns 0 or a number of errno(3). Never asks a server anew. */
  public static int of(int dirfd, String path, int flags, int mask) {
    Scratch scratch = Scratch.ofThread();
    int all = flags | fcntl.AT_STATX_DONT_SYNC;
    long address = scratch.struct.address();
    return Libc.statx(dirfd, scratch.text(path), all, mask, address) == 0
        ? 0
        : Native.getLastError();
  }

  /** Whether the struct is of something on this filesystem. */
  public static boolean isOn(int major, int minor) {
    return isDevice(statx.stx_dev_major, major, minor);
  }

  /** Whether the struct is of this filesystem's device node. */
  static boolean isNodeOf(int major, int minor) {
    return isDevice(statx.stx_rdev_major, major, minor);
  }

  /** 0 if a descriptor is of something on this filesystem, else a number of errno(3). */
  public static int check(int fd, int major, int minor) {
    int error = of(fd, "", fcntl.AT_EMPTY_PATH, 0);
    return error == 0 && !isOn(major, minor) ? ErrNo.ENODEV : error;
  }

  private static boolean isDevice(int offset, int major, int minor) {
    ByteBuffer fields = Scratch.ofThread().struct.fields();
    return fields.getInt(offset) == major && fields.getInt(offset + Integer.BYTES) == minor;
  }
}
