// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import java.io.IOException;

/**
 * Checks that the helper has its one privilege and no other. Source: capabilities(7), prctl(2).
 *
 * <p>The kernel keeps all of this for each thread, and a JVM has many before it runs its first
 * line: what each thread must be given for itself (no_new_privs, capabilities) is given by
 * setpriv(1) before the JVM starts, and only checked here.
 */
public final class Privileges {
  private static final long SYS_ADMIN = 1L << Headers.linux_capability.CAP_SYS_ADMIN;

  private Privileges() {}

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
    thread.requireCapabilitiesWithin(SYS_ADMIN);
    thread.requireNoCapabilityBeyond("CapBnd", SYS_ADMIN);
    if (thread.capabilities("CapEff") != SYS_ADMIN) {
      throw new IOException("CAP_SYS_ADMIN is missing: only with it are others' quotas told");
    }
  }
}
