// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import java.util.Arrays;
import org.quotapolicy.kernel.Headers.linux_audit;

/** The kinds of machine there are native libraries for, with what differs between them. */
public enum Machine {
  X86_64("amd64", linux_audit.AUDIT_ARCH_X86_64, 1),
  AARCH64("aarch64", linux_audit.AUDIT_ARCH_AARCH64, 2);

  private static final String NONE = "-";

  private final String java;
  private final long auditArchitecture;
  private final int column;

  Machine(String java, long auditArchitecture, int column) {
    this.java = java;
    this.auditArchitecture = auditArchitecture;
    this.column = column;
  }

  /** The one that this is. */
  public static Machine current() {
    boolean isX86 = System.getProperty("os.arch", "").equals(X86_64.java);
    return isX86 ? X86_64 : AARCH64;
  }

  /** What linux/audit.h calls it. */
  public int auditArchitecture() {
    return (int) auditArchitecture;
  }

  /** The numbers that the calls of a table have here; {@link SyscallFilter} says what that is. */
  public int[] numbers(String table) {
    return Arrays.stream(table.split(",", -1))
        .map(call -> call.strip().split(" ", -1)[column])
        .filter(number -> !number.equals(NONE))
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
