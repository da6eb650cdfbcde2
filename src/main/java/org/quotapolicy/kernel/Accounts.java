// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import org.quotapolicy.kernel.Headers.fcntl;

/**
 * Asks the name service for accounts. Source: getpwnam_r(3).
 *
 * <p>The manual lists errors that "not found" has had on various systems. The GNU C library answers
 * 0 for that whatever sources nsswitch.conf(5) names, so here every error number means that a
 * source could not be asked: nss-pam-ldapd, for one, answers ENOENT when nslcd(8) is down.
 */
public final class Accounts {
  static final int RESULT = 64; // behind struct passwd

  private Accounts() {}

  /** What the name service said. */
  public sealed interface Reply {

    /**
     * The account.
     *
     * @param uid user id; an unsigned 32-bit number
     * @param gid primary group's id; an unsigned 32-bit number
     * @param home home directory, each byte as one char (ISO 8859-1)
     */
    record Found(long uid, long gid, String home) implements Reply {}

    /** There is no such account. */
    record NoSuchUser() implements Reply {}

    /** The name service could not be asked; {@code errno} is a number of errno(3). */
    record Failed(int errno) implements Reply {}
  }

  /**
   * The account of that name. Blocks as long as the name service does.
   *
   * @param name each byte as one char (ISO 8859-1)
   */
  public static Reply byName(String name) {
    if (!Scratch.isText(name)) {
      return new Reply.NoSuchUser();
    }
    Scratch scratch = Scratch.ofThread();
    long text = scratch.text(name);
    int error = scratch.fill((e, s, size) -> Libc.getpwnam_r(text, e, s, size, e + RESULT));
    if (error != 0) {
      return new Reply.Failed(error);
    }
    ByteBuffer fields = scratch.struct.fields();
    return fields.getLong(RESULT) != 0 ? found(fields) : unknown();
  }

  /**
   * Nobody knew him. But a source that cannot open its file is passed over, unless nsswitch.conf(5)
   * says otherwise, and the next one says, rightly, that it does not know him: errno is 0 then. So
   * it counts only from a process that can open files.
   */
  private static Reply unknown() {
    int fd = Openat.open(fcntl.AT_FDCWD, "/etc/passwd", fcntl.O_RDONLY);
    if (fd >= 0) {
      Libc.close(fd);
    }
    return switch (-fd) {
      case ErrNo.EMFILE, ErrNo.ENFILE, ErrNo.ENOMEM -> new Reply.Failed(-fd);
      default -> new Reply.NoSuchUser();
    };
  }

  private static Reply found(ByteBuffer passwd) {
    long uid = unsigned(passwd, Headers.pwd.passwd.pw_uid);
    long gid = unsigned(passwd, Headers.pwd.passwd.pw_gid);
    return new Reply.Found(uid, gid, Scratch.string(passwd.getLong(Headers.pwd.passwd.pw_dir)));
  }

  private static long unsigned(ByteBuffer struct, int offset) {
    return Integer.toUnsignedLong(struct.getInt(offset));
  }
}
