// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.kernel.Headers.fcntl;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs;
import org.quotapolicy.kernel.Headers.linux_quota;
import org.quotapolicy.kernel.Headers.linux_sched;
import org.quotapolicy.kernel.Headers.linux_seccomp.seccomp_data;
import org.quotapolicy.kernel.SyscallFilter.Action;
import org.quotapolicy.kernel.SyscallFilter.Instruction;
import org.quotapolicy.system.DaemonConfinement;

/**
 * What {@link Confinement} and {@link DaemonConfinement} decide, on both machines: the filters are
 * run here as the kernel runs them. Numbers of calls are written out once more, from the manual.
 */
class SyscallFilterTest {
  private static final int PID = 4711;
  private static final int MOST_INSTRUCTIONS = 4096;

  /** The kernel's interpreter, of what the filters use. Source: net/core/filter.c. */
  private static Action run(SyscallFilter filter, int arch, int number, long... args) {
    List<Instruction> program = filter.program();
    int accumulator = 0;
    int at = 0;
    while (true) {
      Instruction now = program.get(at++);
      int operand = now.operand();
      switch (now.code()) {
        case 0x20 -> accumulator = load(operand, arch, number, args);
        case 0x54 -> accumulator &= operand;
        case 0x15 -> at += accumulator == operand ? now.whenTrue() : now.whenFalse();
        case 0x35 ->
            at +=
                Integer.compareUnsigned(accumulator, operand) >= 0
                    ? now.whenTrue()
                    : now.whenFalse();
        case 0x06 -> {
          return action(operand);
        }
        default -> throw new AssertionError("unknown instruction " + now);
      }
    }
  }

  private static int load(int offset, int arch, int number, long[] args) {
    return switch (offset) {
      case seccomp_data.nr -> number;
      case seccomp_data.arch -> arch;
      default -> {
        assertEquals(0, (offset - seccomp_data.args) % Long.BYTES);
        int argument = (offset - seccomp_data.args) / Long.BYTES;
        yield argument < args.length ? (int) args[argument] : 0;
      }
    };
  }

  private static Action action(int result) {
    for (Action action : Action.values()) {
      if (action.result == result) {
        return action;
      }
    }
    throw new AssertionError("result " + result);
  }

  private static Action helper(int number, long... args) {
    return helper(Machine.X86_64, number, args);
  }

  private static Action helper(Machine machine, int number, long... args) {
    return run(Confinement.helper(machine, PID), machine.auditArchitecture(), number, args);
  }

  private static Action daemon(int number, long... args) {
    Machine machine = Machine.X86_64;
    return run(DaemonConfinement.filter(machine), machine.auditArchitecture(), number, args);
  }

  @ParameterizedTest
  @EnumSource
  void filters_areShortEnoughForTheKernel(Machine machine) {
    assertTrue(Confinement.helper(machine, PID).program().size() <= MOST_INSTRUCTIONS);
    assertTrue(DaemonConfinement.filter(machine).program().size() <= MOST_INSTRUCTIONS);
  }

  @ParameterizedTest
  @EnumSource
  void helper_eachNumber_isAllowedOnlyIfListed(Machine machine) {
    Set<Integer> listed = new TreeSet<>();
    for (int number : machine.numbers(Confinement.HELPER)) {
      listed.add(number);
    }
    Set<Integer> allowed = new TreeSet<>();
    long none = 0xabcdef; // an argument that none of the calls with conditions allows
    for (int number = -1; number < 2000; number++) {
      if (helper(machine, number, none, none, none) == Action.ALLOW) {
        allowed.add(number);
      }
    }
    assertEquals(listed, allowed);
  }

  /** execve, execveat, ptrace, mount, bpf, keyctl, setns, unshare, unlink, bind, listen, kill. */
  @ParameterizedTest
  @ValueSource(ints = {59, 322, 101, 165, 321, 250, 308, 272, 87, 49, 50, 62, 57, 58, 2, 85, 175})
  void helper_whatItMustNot_refused(int number) {
    assertEquals(Action.REFUSE, helper(number));
  }

  @ParameterizedTest
  @ValueSource(ints = {221, 281, 117, 40, 280, 219, 268, 97, 35, 200, 201, 129, 105})
  void helper_whatItMustNotOnAarch64_refused(int number) {
    assertEquals(Action.REFUSE, helper(Machine.AARCH64, number));
  }

  @ParameterizedTest
  @ValueSource(ints = {435, 437, 0x40000000, 0x40000208, -1})
  void filters_whatTheyCannotSee_isNotThere(int number) {
    assertEquals(Action.IGNORE, helper(number));
    assertEquals(Action.IGNORE, daemon(number));
  }

  /** The daemon has no privilege that a new call could be good for. */
  @Test
  void newCalls_helperHasThemNot_daemonDoes() {
    assertEquals(Action.REFUSE, helper(450));
    assertEquals(Action.IGNORE, helper(451));
    assertEquals(Action.ALLOW, daemon(451));
  }

  /** Number 11 is execve of a 32-bit program, munmap of a 64-bit one. */
  @Test
  void filters_callsOfAnotherMachine_refused() {
    int i386 = 0x40000003;
    int arm = Machine.AARCH64.auditArchitecture();
    assertEquals(Action.ALLOW, helper(11));
    assertEquals(Action.REFUSE, run(Confinement.helper(Machine.X86_64, PID), i386, 11));
    assertEquals(Action.REFUSE, run(Confinement.helper(Machine.X86_64, PID), arm, 11));
    assertEquals(Action.REFUSE, run(DaemonConfinement.filter(Machine.X86_64), i386, 11));
  }

  @Test
  void helper_quotactl_onlyReads() {
    Set<Integer> reading =
        Set.of(
            linux_quota.Q_GETQUOTA,
            linux_quota.Q_GETNEXTQUOTA,
            linux_dqblk_xfs.Q_XGETQUOTA,
            linux_dqblk_xfs.Q_XGETNEXTQUOTA,
            linux_dqblk_xfs.Q_XGETQSTATV);
    for (int family : new int[] {0x800000, 0x5800, 0}) {
      for (int command = family; command < family + 0x100; command++) {
        for (int type = 0; type < 3; type++) {
          Action wanted = reading.contains(command) ? Action.ALLOW : Action.REFUSE;
          int typed = command << 8 | type;
          assertEquals(wanted, helper(179, typed), () -> "quotactl " + typed);
          assertEquals(wanted, helper(443, 3, typed), () -> "quotactl_fd " + typed);
          assertEquals(wanted, helper(Machine.AARCH64, 60, typed), () -> "quotactl " + typed);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        fcntl.O_WRONLY,
        fcntl.O_RDWR,
        fcntl.O_WRONLY | fcntl.O_RDWR,
        fcntl.O_CREAT,
        fcntl.O_TRUNC,
        0x410000 | fcntl.O_RDWR, // O_TMPFILE
        fcntl.O_PATH | fcntl.O_CREAT,
      })
  void openat_forWriting_refused(int flags) {
    assertEquals(Action.REFUSE, helper(257, -100, 0, flags));
    assertEquals(Action.REFUSE, helper(257, -100, 0, flags | 1L << 40));
    assertEquals(Action.REFUSE, daemon(257, -100, 0, flags));
    assertEquals(Action.REFUSE, daemon(2, 0, flags));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, fcntl.O_CLOEXEC, fcntl.O_PATH, 0x10000, fcntl.O_NONBLOCK})
  void openat_forReading_allowed(int flags) {
    assertEquals(Action.ALLOW, helper(257, -100, 0, flags));
    assertEquals(Action.ALLOW, daemon(257, -100, 0, flags));
  }

  @Test
  void clone_onlyThreads() {
    int thread = 0x3d0f00; // what the C library makes a thread with
    assertEquals(Action.ALLOW, helper(56, thread));
    assertEquals(Action.ALLOW, daemon(56, thread));
    assertEquals(Action.REFUSE, helper(56, 17)); // fork: SIGCHLD
    assertEquals(Action.REFUSE, daemon(56, 0x4100 | 17)); // vfork
    assertEquals(Action.REFUSE, helper(56, thread | linux_sched.CLONE_NEWUSER));
    assertEquals(Action.REFUSE, helper(56, thread | linux_sched.CLONE_NEWNS));
  }

  @Test
  void socket_streamsOfFewFamilies_allowed() {
    int stream = 1 | 0x80000; // SOCK_STREAM | SOCK_CLOEXEC
    for (int family = 0; family < 64; family++) {
      assertEquals(allowedIf(Set.of(1, 2, 10).contains(family)), helper(41, family, stream));
      assertEquals(allowedIf(Set.of(1, 2, 10, 16).contains(family)), daemon(41, family, stream));
    }
  }

  /** On a datagram of AF_UNIX who has CAP_SYS_ADMIN can put the number of any process. */
  @Test
  void socket_ofOtherTypes_isNotOfThisHost() {
    for (int type = 0; type < 16; type++) {
      assertEquals(allowedIf(type == 1), helper(41, 1, type | 0x80800));
      assertEquals(Action.ALLOW, helper(41, 2, type));
      assertEquals(Action.ALLOW, daemon(41, 1, type));
    }
    assertEquals(Action.REFUSE, helper(41, 1L << 32 | 1, 2));
  }

  private static Action allowedIf(boolean allowed) {
    return allowed ? Action.ALLOW : Action.REFUSE;
  }

  @Test
  void helper_otherArguments_looked_at() {
    assertEquals(Action.ALLOW, helper(157, 15)); // prctl PR_SET_NAME
    assertEquals(Action.REFUSE, helper(157, 4)); // PR_SET_DUMPABLE
    assertEquals(Action.ALLOW, helper(234, PID, 1, 6)); // tgkill
    assertEquals(Action.REFUSE, helper(234, 1, 1, 9));
    assertEquals(Action.ALLOW, helper(28, 0, 4096, 4)); // madvise MADV_DONTNEED
    assertEquals(Action.REFUSE, helper(28, 0, 4096, 100)); // MADV_HWPOISON: for CAP_SYS_ADMIN
    assertEquals(Action.REFUSE, helper(72, 0, 8)); // fcntl F_SETOWN
    assertEquals(Action.REFUSE, helper(16, 2, 0x5412)); // ioctl TIOCSTI
    assertEquals(Action.ALLOW, helper(16, 3, 0xc0205866L)); // XFS_IOC_FSBULKSTAT_SINGLE
    assertEquals(Action.REFUSE, helper(302, 1, 7)); // prlimit64 of another
  }

  @Test
  void daemon_whatItServesWith_allowed() {
    // read, write, bind, accept4, listen, unlink, chmod, kill, ioctl, sendto, exit_group
    for (int number : new int[] {0, 1, 49, 288, 50, 87, 90, 62, 16, 44, 231}) {
      assertEquals(Action.ALLOW, daemon(number));
    }
  }

  /**
   * execve, execveat, fork, vfork, ptrace, mount, setns, unshare, bpf, keyctl, rename, quotactl.
   */
  @ParameterizedTest
  @ValueSource(ints = {59, 322, 57, 58, 101, 165, 308, 272, 321, 250, 82, 179, 443, 425, 85})
  void daemon_whatItMustNot_refused(int number) {
    assertEquals(Action.REFUSE, daemon(number));
  }
}
