// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import java.io.IOException;
import java.util.Arrays;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.kernel.ThreadStatus;

/**
 * Who this process is, and how it gives root up. Source: credentials(7), capabilities(7).
 *
 * <p>The C library changes the ids of all threads at once, where the kernel keeps them for each;
 * no_new_privs, which has no such help, is given by setpriv(1) before the JVM starts, and only
 * checked here.
 */
public final class Credentials {
  private static final long NO_CAPABILITY = 0;

  private Credentials() {}

  /** Whether this process is root. */
  public static boolean isRoot() {
    return Libc.geteuid() == 0;
  }

  /** The effective user id; an unsigned 32-bit number. */
  public static long userId() {
    return Integer.toUnsignedLong(Libc.geteuid());
  }

  /** The effective group id; an unsigned 32-bit number. */
  public static long groupId() {
    return Integer.toUnsignedLong(Libc.getegid());
  }

  /**
   * Takes an unprivileged identity in all threads, with no way back, and checks that it is so.
   *
   * <p>Of its groups the account keeps only those named here: its own, and the one it is to give
   * the policy socket to, if any.
   *
   * @param supplementaryGids supplementary groups to have from now on
   * @throws IOException if any thread is not then as it should be: the process must end
   */
  public static void becomeForGood(long uid, long gid, long... supplementaryGids)
      throws IOException {
    if (uid == 0) {
      throw new IOException("root is no unprivileged user");
    }
    setGroups(supplementaryGids);
    int g = (int) gid;
    if (Libc.setresgid(g, g, g) != 0) {
      throw NativeFailure.last("setresgid", Long.toString(gid));
    }
    int u = (int) uid;
    if (Libc.setresuid(u, u, u) != 0) {
      throw NativeFailure.last("setresuid", Long.toString(uid));
    }
    requireNoWayBack();
    for (ThreadStatus thread : ThreadStatus.ofAll()) {
      requireUnprivileged(thread, uid, gid, supplementaryGids);
    }
  }

  private static void setGroups(long[] gids) throws NativeFailure {
    NativeBuffer list = NativeBuffer.allocate(Math.max(1, gids.length) * Integer.BYTES);
    for (int i = 0; i < gids.length; i++) {
      list.fields().putInt(i * Integer.BYTES, (int) gids[i]);
    }
    if (Libc.setgroups(gids.length, list.address()) != 0) {
      throw NativeFailure.last("setgroups", Arrays.toString(gids));
    }
  }

  private static void requireNoWayBack() throws IOException {
    if (Libc.setresuid(-1, 0, -1) == 0) {
      throw new IOException("became root again after giving it up for good");
    }
  }

  static void requireUnprivileged(ThreadStatus thread, long uid, long gid, long[] groups)
      throws IOException {
    thread.require("Uid", fourTimes(uid));
    thread.require("Gid", fourTimes(gid));
    thread.require("Groups", list(groups));
    thread.require("NoNewPrivs", "1");
    thread.requireCapabilitiesWithin(NO_CAPABILITY);
  }

  /** Real, effective, saved and filesystem id. */
  private static String fourTimes(long id) {
    return id + "\t" + id + "\t" + id + "\t" + id;
  }

  /** The kernel lists groups in ascending order. */
  private static String list(long[] gids) {
    long[] sorted = gids.clone();
    Arrays.sort(sorted);
    StringBuilder text = new StringBuilder();
    for (long gid : sorted) {
      text.append(text.length() == 0 ? "" : " ").append(gid);
    }
    return text.toString();
  }
}
