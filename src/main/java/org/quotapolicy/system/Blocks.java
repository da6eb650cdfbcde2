// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import org.quotapolicy.kernel.Scratch;

/** In what portions a filesystem gives out space; for the daemon. Source: statfs(2). */
public final class Blocks {
  private Blocks() {}

  /** What the kernel said. */
  public sealed interface Reply {

    /** The size of a block in bytes; positive. */
    record Size(int bytes) implements Reply {}

    /** It cannot be told; {@code errno} is a number of errno(3). */
    record Failed(int errno) implements Reply {}
  }

  /**
   * The block size of the filesystem that a path is on. Blocks as long as the filesystem does.
   *
   * @param path each byte as one char (ISO 8859-1)
   */
  public static Reply size(String path) {
    if (!Scratch.isText(path)) {
      return new Reply.Failed(ErrNo.ENAMETOOLONG);
    }
    Scratch scratch = Scratch.ofThread();
    if (Libc.statfs(scratch.text(path), scratch.struct.address()) != 0) {
      return new Reply.Failed(Native.getLastError());
    }
    long size = scratch.struct.fields().getLong(Headers.sys_statfs.statfs.f_bsize);
    return size > 0 && size <= Integer.MAX_VALUE
        ? new Reply.Size((int) size)
        : new Reply.Failed(ErrNo.EOVERFLOW);
  }
}
