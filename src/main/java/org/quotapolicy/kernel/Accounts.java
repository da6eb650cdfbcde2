// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Asks the name service for accounts. Source: getpwnam_r(3), getgrnam_r(3), getpwuid_r(3),
 * getgrgid_r(3).
 *
 * <p>The manual lists errors that "not found" has had on various systems. The GNU C library answers
 * 0 for that whatever sources nsswitch.conf(5) names, so here every error number means that a
 * source could not be asked: nss-pam-ldapd, for one, answers ENOENT when nslcd(8) is down.
 */
public final class Accounts {
  static final int RESULT = 64; // behind struct passwd and struct group

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

  /** What the name service said about a group. */
  public sealed interface GroupReply {

    /** The group; {@code gid} is an unsigned 32-bit number. */
    record Found(long gid) implements GroupReply {}

    /** There is no such group. */
    record NoSuchGroup() implements GroupReply {}

    /** The name service could not be asked; {@code errno} is a number of errno(3). */
    record Failed(int errno) implements GroupReply {}
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
    int error = ask(scratch, (e, s, size) -> Libc.getpwnam_r(text, e, s, size, e + RESULT));
    if (error != 0) {
      return new Reply.Failed(error);
    }
    return isFound(scratch) ? found(scratch.struct.fields()) : new Reply.NoSuchUser();
  }

  /** The group of that name; for the daemon's start. */
  public static GroupReply groupByName(String name) {
    if (!Scratch.isText(name)) {
      return new GroupReply.NoSuchGroup();
    }
    Scratch scratch = Scratch.ofThread();
    long text = scratch.text(name);
    int error = ask(scratch, (e, s, size) -> Libc.getgrnam_r(text, e, s, size, e + RESULT));
    if (error != 0) {
      return new GroupReply.Failed(error);
    }
    return isFound(scratch)
        ? new GroupReply.Found(unsigned(scratch.struct.fields(), Headers.grp.group.gr_gid))
        : new GroupReply.NoSuchGroup();
  }

  /**
   * The name of a user id; for reports, where a number does, too: empty if it has none or the name
   * service could not be asked. Blocks as long as the name service does.
   *
   * @param uid an unsigned 32-bit number
   */
  public static Optional<String> userName(long uid) {
    return name(
        Headers.pwd.passwd.pw_name,
        (e, s, size) -> Libc.getpwuid_r((int) uid, e, s, size, e + RESULT));
  }

  /** The name of a group id, likewise. */
  public static Optional<String> groupName(long gid) {
    return name(
        Headers.grp.group.gr_name,
        (e, s, size) -> Libc.getgrgid_r((int) gid, e, s, size, e + RESULT));
  }

  private static Optional<String> name(int offset, Call call) {
    Scratch scratch = Scratch.ofThread();
    return ask(scratch, call) == 0 && isFound(scratch)
        ? Optional.of(string(scratch.struct.fields().getLong(offset)))
        : Optional.empty();
  }

  /** A function of the C library that fills in a struct, and strings behind it. */
  @FunctionalInterface
  private interface Call {
    int make(long entry, long strings, long size);
  }

  /** Makes a call until it has room enough; returns an error number, 0 also if nothing is found. */
  private static int ask(Scratch scratch, Call call) {
    int error;
    do {
      NativeBuffer strings = scratch.strings();
      long size = strings.bytes().capacity();
      error = call.make(scratch.struct.address(), strings.address(), size);
    } while (error == ErrNo.EINTR || (error == ErrNo.ERANGE && scratch.growStrings()));
    return error;
  }

  private static boolean isFound(Scratch scratch) {
    return scratch.struct.fields().getLong(RESULT) != 0;
  }

  private static Reply found(ByteBuffer passwd) {
    long uid = unsigned(passwd, Headers.pwd.passwd.pw_uid);
    long gid = unsigned(passwd, Headers.pwd.passwd.pw_gid);
    return new Reply.Found(uid, gid, string(passwd.getLong(Headers.pwd.passwd.pw_dir)));
  }

  private static long unsigned(ByteBuffer struct, int offset) {
    return Integer.toUnsignedLong(struct.getInt(offset));
  }

  private static String string(long address) {
    if (address == 0) {
      return "";
    }
    return new Pointer(address).getString(0, StandardCharsets.ISO_8859_1.name());
  }
}
