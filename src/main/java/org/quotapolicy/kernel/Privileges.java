// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import java.io.IOException;
import java.util.Arrays;

/**
 * Gives privileges up, and checks that they are gone. Source: capabilities(7), credentials(7),
 * prctl(2).
 *
 * <p>The kernel keeps all of this for each thread, and a JVM has many before it runs its first
 * line: what each thread must be given for itself (no_new_privs, capabilities) is given by
 * setpriv(1) before the JVM starts, and only checked here.
 */
public final class Privileges {
  private static final long NONE = 0;
  private static final long SYS_ADMIN = 1L << Headers.linux_capability.CAP_SYS_ADMIN;

  private Privileges() {}

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

  /** The number of this process. */
  public static int processId() {
    return Libc.getpid();
  }

  /**
   * Keeps the user this process runs as from tracing it or reading its memory, and the kernel from
   * writing it to a core file.
   */
  public static void forbidDump() throws NativeFailure {
    if (Libc.prctl(Headers.sys_prctl.PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
      throw NativeFailure.last("prctl", "PR_SET_DUMPABLE");
    }
  }

  /**
   * Checks that every thread has CAP_SYS_ADMIN, no other capability nor a way to get one, and is
   * not uid 0, which owns the files of root even without any capability.
   *
   * @throws IOException if any has more or less; the text says which and what
   */
  public static void requireSysAdminOnly() throws IOException {
    for (ThreadStatus thread : ThreadStatus.ofAll()) {
      requireSysAdminOnly(thread);
    }
  }

  static void requireSysAdminOnly(ThreadStatus thread) throws IOException {
    if (thread.field("Uid").matches(".*\\b0\\b.*")) {
      throw new IOException("runs as uid 0, which owns too much");
    }
    thread.require("NoNewPrivs", "1");
    requireCapabilitiesWithin(thread, SYS_ADMIN);
    thread.requireNoCapabilityBeyond("CapBnd", SYS_ADMIN);
    if (thread.capabilities("CapEff") != SYS_ADMIN) {
      throw new IOException("CAP_SYS_ADMIN is missing: only with it are others' quotas told");
    }
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
    requireCapabilitiesWithin(thread, NONE);
  }

  private static void requireCapabilitiesWithin(ThreadStatus thread, long allowed)
      throws IOException {
    thread.requireNoCapabilityBeyond("CapInh", allowed);
    thread.requireNoCapabilityBeyond("CapPrm", allowed);
    thread.requireNoCapabilityBeyond("CapEff", allowed);
    thread.requireNoCapabilityBeyond("CapAmb", allowed);
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
