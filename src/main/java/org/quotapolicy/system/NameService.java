// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import java.util.Optional;
import org.quotapolicy.kernel.Scratch;
import org.quotapolicy.system.Headers.grp.group;
import org.quotapolicy.system.Headers.pwd.passwd;

/**
 * Asks the name service for what the helper need not know: groups, and the names of ids. Each call
 * blocks as long as the name service does. Source: getgrnam_r(3), getpwuid_r(3), getgrgid_r(3).
 */
public final class NameService {
  static final int RESULT = 64; // behind struct passwd and struct group

  private NameService() {}

  /** What the name service said about a group. */
  public sealed interface GroupReply {

    /** The group; {@code gid} is an unsigned 32-bit number. */
    record Found(long gid) implements GroupReply {}

    /** There is no such group. */
    record NoSuchGroup() implements GroupReply {}

    /** The name service could not be asked; {@code errno} is a number of errno(3). */
    record Failed(int errno) implements GroupReply {}
  }

  /** The group of that name. */
  public static GroupReply groupByName(String name) {
    if (!Scratch.isText(name)) {
      return new GroupReply.NoSuchGroup();
    }
    Scratch scratch = Scratch.ofThread();
    long text = scratch.text(name);
    int error = scratch.fill((e, s, size) -> Libc.getgrnam_r(text, e, s, size, e + RESULT));
    if (error != 0) {
      return new GroupReply.Failed(error);
    }
    return isFound(scratch)
        ? new GroupReply.Found(Integer.toUnsignedLong(scratch.struct.fields().getInt(group.gr_gid)))
        : new GroupReply.NoSuchGroup();
  }

  /**
   * The name of a user id; for reports, where a number does, too: empty if it has none or the name
   * service could not be asked.
   *
   * @param uid an unsigned 32-bit number
   */
  public static Optional<String> userName(long uid) {
    return name(passwd.pw_name, (e, s, size) -> Libc.getpwuid_r((int) uid, e, s, size, e + RESULT));
  }

  /** The name of a group id, likewise. */
  public static Optional<String> groupName(long gid) {
    return name(group.gr_name, (e, s, size) -> Libc.getgrgid_r((int) gid, e, s, size, e + RESULT));
  }

  private static Optional<String> name(int offset, Scratch.Filling function) {
    Scratch scratch = Scratch.ofThread();
    return scratch.fill(function) == 0 && isFound(scratch)
        ? Optional.of(Scratch.string(scratch.struct.fields().getLong(offset)))
        : Optional.empty();
  }

  private static boolean isFound(Scratch scratch) {
    return scratch.struct.fields().getLong(RESULT) != 0;
  }
}
