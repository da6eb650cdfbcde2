// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.platform.linux.ErrNo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.quotapolicy.kernel.Headers.linux_filter;
import org.quotapolicy.kernel.Headers.linux_seccomp;
import org.quotapolicy.kernel.Headers.linux_seccomp.seccomp_data;

/**
 * A seccomp filter: says of each system call by its number, and of some by one argument, whether it
 * is made or fails. Source: seccomp(2), struct seccomp_data in linux/seccomp.h.
 *
 * <p>Rules apply in the order in which they are added; the first that names a call decides. Calls
 * are named by tables of {@code name number number}, the numbers on x86-64 and on aarch64, "-"
 * where there is none, separated by commas.
 *
 * <p>Of an argument its lower 32 bits count: all that are asked about here are ints.
 */
public final class SyscallFilter {
  /** The first number that Linux 6.1 has no call for. */
  static final int UNKNOWN_TO_LINUX_6_1 = 451;

  /** The first number of the x32 ABI, which is another way to all calls. */
  public static final int X32 = 0x40000000;

  private static final int LOAD = linux_filter.BPF_LD | linux_filter.BPF_W | linux_filter.BPF_ABS;
  private static final int AND = linux_filter.BPF_ALU | linux_filter.BPF_AND | linux_filter.BPF_K;
  private static final int IF_EQUAL =
      linux_filter.BPF_JMP | linux_filter.BPF_JEQ | linux_filter.BPF_K;
  private static final int IF_NOT_LESS =
      linux_filter.BPF_JMP | linux_filter.BPF_JGE | linux_filter.BPF_K;
  private static final int RETURN = linux_filter.BPF_RET | linux_filter.BPF_K;
  private static final int ALL_BITS = -1;

  /** What becomes of a call; the value is the filter's result. */
  public enum Action {
    ALLOW(linux_seccomp.SECCOMP_RET_ALLOW),
    /** Fails with EPERM. */
    REFUSE(linux_seccomp.SECCOMP_RET_ERRNO | ErrNo.EPERM),
    /** Fails with ENOSYS, after which libraries try an older call. */
    IGNORE(linux_seccomp.SECCOMP_RET_ERRNO | ErrNo.ENOSYS);

    final int result;

    Action(int result) {
      this.result = result;
    }
  }

  /** One instruction: struct sock_filter. */
  public record Instruction(int code, int whenTrue, int whenFalse, int operand) {}

  private final Machine machine;
  private final List<Instruction> program = new ArrayList<>();

  /**
   * A filter without rules. Calls by another machine's numbers are refused; those from {@code
   * firstUnknown} on are said not to be there, so that libraries do without.
   */
  public SyscallFilter(Machine machine, int firstUnknown) {
    this.machine = machine;
    add(LOAD, 0, 0, seccomp_data.arch);
    add(IF_EQUAL, 1, 0, machine.auditArchitecture());
    end(Action.REFUSE);
    add(LOAD, 0, 0, seccomp_data.nr);
    add(IF_NOT_LESS, 0, 1, firstUnknown);
    end(Action.IGNORE);
  }

  /** What becomes of these calls, whatever their arguments are. */
  public SyscallFilter on(Action action, String table) {
    for (int number : machine.numbers(table)) {
      add(IF_EQUAL, 0, 1, number);
      end(action);
    }
    return this;
  }

  /** Allows a call only if an argument, counted from 0, is one of these values. */
  public SyscallFilter allowOnly(String call, int argument, int... values) {
    return allowOnlyMasked(call, argument, ALL_BITS, values);
  }

  /** Allows a call only if those bits of an argument, counted from 0, are one of these values. */
  public SyscallFilter allowOnlyMasked(String call, int argument, int mask, int... values) {
    int count = values.length;
    for (int number : machine.numbers(call)) {
      add(IF_EQUAL, 0, count + 4, number);
      add(LOAD, 0, 0, seccomp_data.args + argument * Long.BYTES); // little-endian
      add(AND, 0, 0, mask);
      for (int i = 0; i < count; i++) {
        add(IF_EQUAL, count - i, 0, values[i]);
      }
      end(Action.REFUSE);
      end(Action.ALLOW);
    }
    return this;
  }

  /**
   * Refuses a call in which one argument is a value, unless the lowest byte of another one is what
   * is wanted; says nothing of others.
   */
  public SyscallFilter refuseUnless(
      String call, int argument, int value, int other, int wantedByte) {
    for (int number : machine.numbers(call)) {
      add(IF_EQUAL, 0, 7, number);
      add(LOAD, 0, 0, seccomp_data.args + argument * Long.BYTES);
      add(IF_EQUAL, 0, 4, value);
      add(LOAD, 0, 0, seccomp_data.args + other * Long.BYTES);
      add(AND, 0, 0, 0xff);
      add(IF_EQUAL, 1, 0, wantedByte);
      end(Action.REFUSE);
      add(LOAD, 0, 0, seccomp_data.nr);
    }
    return this;
  }

  /** What becomes of all other calls; the filter is complete. */
  public SyscallFilter otherwise(Action action) {
    end(action);
    return this;
  }

  public List<Instruction> program() {
    return Collections.unmodifiableList(program);
  }

  private void end(Action action) {
    add(RETURN, 0, 0, action.result);
  }

  private void add(int code, int whenTrue, int whenFalse, int operand) {
    program.add(new Instruction(code, whenTrue, whenFalse, operand));
  }
}
