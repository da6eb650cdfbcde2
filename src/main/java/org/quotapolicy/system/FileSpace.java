// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Scratch;
import org.quotapolicy.kernel.Statx;
import org.quotapolicy.system.Headers.fcntl;
import org.quotapolicy.system.Headers.sys_stat;

/** What space a file takes; for the daemon. Source: statx(2). */
public final class FileSpace {
  private FileSpace() {}

  /** What is at a path. */
  public sealed interface Reply {

    /**
     * A file.
     *
     * @param size its length in bytes
     * @param allocated bytes that the filesystem gave it
     */
    record File(long size, long allocated) implements Reply {}

    /** It cannot be told, or there is nothing; {@code errno} is a number of errno(3). */
    record Failed(int errno) implements Reply {
      /** Whether there is nothing. */
      public boolean isAbsent() {
        return errno == ErrNo.ENOENT;
      }
    }
  }

  /**
   * The space of the file at a path; no link that it ends with is followed. Blocks as long as the
   * filesystem does.
   *
   * @param path each byte as one char (ISO 8859-1)
   */
  public static Reply of(String path) {
    if (!Scratch.isText(path)) {
      return new Reply.Failed(ErrNo.ENAMETOOLONG);
    }
    int mask = sys_stat.STATX_SIZE | sys_stat.STATX_BLOCKS;
    int error = Statx.of(fcntl.AT_FDCWD, path, fcntl.AT_SYMLINK_NOFOLLOW, mask);
    if (error != 0) {
      return new Reply.Failed(error);
    }
    ByteBuffer statx = Scratch.ofThread().struct.fields();
    long blocks = statx.getLong(sys_stat.statx.stx_blocks);
    return new Reply.File(statx.getLong(sys_stat.statx.stx_size), blocks * 512);
  }
}
