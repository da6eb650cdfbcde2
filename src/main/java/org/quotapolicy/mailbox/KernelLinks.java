// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.kernel.Errno;
import org.quotapolicy.system.Links;

/** Symbolic links as readlink(2) shows them. */
final class KernelLinks implements LinkReader {
  // asm-generic/errno-base.h
  private static final int ENOENT = 2;
  private static final int EACCES = 13;

  @Override
  public Symlink read(String path) {
    Links.Reply reply = Links.read(path);
    if (reply instanceof Links.Reply.Target link) {
      return new Symlink.Target(link.path());
    }
    return reply instanceof Links.Reply.Failed failed
        ? failure(failed.errno())
        : new Symlink.NotALink();
  }

  private static Symlink failure(int errno) {
    return switch (errno) {
      case ENOENT -> new Symlink.Absent();
      case EACCES -> new Symlink.Hidden();
      default -> new Symlink.Failed(Errno.name(errno));
    };
  }
}
