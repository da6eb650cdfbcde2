// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Scratch;
import org.quotapolicy.kernel.Statx;
import org.quotapolicy.system.Headers.fcntl;
import org.quotapolicy.system.Headers.sys_stat;

/** Which group a file belongs to, and who may write to it; for the daemon. Source: statx(2). */
public final class FileGroup {
  private FileGroup() {}

  /** What is at a path. */
  public sealed interface Reply {

    /**
     * A file or directory.
     *
     * @param group an unsigned 32-bit number
     * @param mode type and permissions, as in inode(7)
     */
    record Known(long group, int mode) implements Reply {
      /** Whether files can be made in it. */
      public boolean isDirectory() {
        return (mode & sys_stat.S_IFMT) == sys_stat.S_IFDIR;
      }

      /** Whether what is made in it belongs to its group. */
      public boolean handsGroupOn() {
        return (mode & sys_stat.S_ISGID) != 0;
      }

      /** Whether its group may write to it. */
      public boolean isGroupWritable() {
        return (mode & sys_stat.S_IWGRP) != 0;
      }

      /** Whether everybody may write to it. */
      public boolean isWorldWritable() {
        return (mode & sys_stat.S_IWOTH) != 0;
      }
    }

    /** It cannot be told, or there is nothing; {@code errno} is a number of errno(3). */
    record Failed(int errno) implements Reply {}
  }

  /**
   * The group of what is at a path; no link that it ends with is followed. Blocks as long as the
   * filesystem does.
   *
   * @param path each byte as one char (ISO 8859-1)
   * @param major major number of the filesystem that is meant; EXDEV if it is another
   * @param minor its minor number
   */
  public static Reply of(String path, int major, int minor) {
    if (!Scratch.isText(path)) {
      return new Reply.Failed(ErrNo.ENAMETOOLONG);
    }
    int mask = sys_stat.STATX_TYPE | sys_stat.STATX_MODE | sys_stat.STATX_GID;
    int error = Statx.of(fcntl.AT_FDCWD, path, fcntl.AT_SYMLINK_NOFOLLOW, mask);
    if (error == 0 && !Statx.isOn(major, minor)) {
      error = ErrNo.EXDEV;
    }
    return error == 0 ? known(Scratch.ofThread().struct.fields()) : new Reply.Failed(error);
  }

  private static Reply known(ByteBuffer statx) {
    long group = Integer.toUnsignedLong(statx.getInt(sys_stat.statx.stx_gid));
    return new Reply.Known(group, Short.toUnsignedInt(statx.getShort(sys_stat.statx.stx_mode)));
  }
}
