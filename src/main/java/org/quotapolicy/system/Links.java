// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.quotapolicy.kernel.Scratch;

/** Reads symbolic links whose names and targets can be any bytes. Source: readlink(2). */
public final class Links {
  private Links() {}

  /** What is at a path. */
  public sealed interface Reply {

    /** A symbolic link; {@code path} is its target, each byte as one char (ISO 8859-1). */
    record Target(String path) implements Reply {}

    /** Something that is no symbolic link. */
    record NotALink() implements Reply {}

    /** It cannot be told, or there is nothing; {@code errno} is a number of errno(3). */
    record Failed(int errno) implements Reply {}
  }

  /**
   * Reads the link at a path. Blocks as long as the filesystem does.
   *
   * @param path each byte as one char (ISO 8859-1)
   */
  public static Reply read(String path) {
    if (!Scratch.isText(path)) {
      return new Reply.Failed(ErrNo.ENAMETOOLONG);
    }
    Scratch scratch = Scratch.ofThread();
    ByteBuffer target = scratch.strings().bytes();
    long address = scratch.strings().address();
    int length = (int) Libc.readlink(scratch.text(path), address, target.capacity());
    if (length < 0) {
      int errno = Native.getLastError();
      return errno == ErrNo.EINVAL ? new Reply.NotALink() : new Reply.Failed(errno);
    }
    byte[] bytes = new byte[length];
    target.get(0, bytes);
    return new Reply.Target(new String(bytes, StandardCharsets.ISO_8859_1));
  }
}
