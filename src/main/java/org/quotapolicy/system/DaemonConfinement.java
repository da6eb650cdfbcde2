// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import java.io.IOException;
import java.util.Optional;
import org.quotapolicy.kernel.Confinement;
import org.quotapolicy.kernel.Machine;
import org.quotapolicy.kernel.Seccomp;
import org.quotapolicy.kernel.SyscallFilter;
import org.quotapolicy.kernel.SyscallFilter.Action;
import org.quotapolicy.system.Headers.fcntl;
import org.quotapolicy.system.Headers.sys_socket;

/**
 * Takes from the daemon what it has no use for once it listens, in all of its threads and with no
 * way back: above all to start programs and to open files for writing. Source: seccomp(2).
 *
 * <p>What is refused fails with EPERM. Which files may be read is {@link Landlock}'s to say.
 */
public final class DaemonConfinement {
  /** What the daemon, which may do all else that an unprivileged user may, is refused. */
  public static final String NOT_FOR_THE_DAEMON =
      // other programs and processes
      "execve 59 221, execveat 322 281, fork 57 -, vfork 58 -, ptrace 101 117,"
          + "process_vm_readv 310 270, process_vm_writev 311 271, process_madvise 440 440,"
          + "pidfd_getfd 438 438, kcmp 312 272,"
          // other views of the system
          + "setns 308 268, unshare 272 97, chroot 161 51, mount 165 40, umount2 166 39,"
          + "pivot_root 155 41, move_mount 429 429, open_tree 428 428, fsopen 430 430,"
          + "fsconfig 431 431, fsmount 432 432, fspick 433 433, mount_setattr 442 442,"
          + "quotactl 179 60, quotactl_fd 443 443, swapon 167 224, swapoff 168 225,"
          + "name_to_handle_at 303 264, open_by_handle_at 304 265, fanotify_init 300 262,"
          // much of the kernel, little used
          + "bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, io_uring_setup 425 425,"
          + "io_uring_enter 426 426, io_uring_register 427 427, add_key 248 217,"
          + "request_key 249 218, keyctl 250 219, personality 135 92, init_module 175 105,"
          + "finit_module 313 273, delete_module 176 106, kexec_load 246 104,"
          + "kexec_file_load 320 294, reboot 169 142, acct 163 89, syslog 103 116,"
          + "settimeofday 164 170, clock_settime 227 112, clock_adjtime 305 266, adjtimex 159 171,"
          // new files; open(2) for writing is below
          + "creat 85 -, mkdir 83 -, mkdirat 258 34, mknod 133 -, mknodat 259 33, link 86 -,"
          + "linkat 265 37, symlink 88 -, symlinkat 266 36, rename 82 -, renameat 264 38,"
          + "renameat2 316 276, truncate 76 45";

  private static final int WRITING = fcntl.O_WRONLY | fcntl.O_RDWR | fcntl.O_CREAT | fcntl.O_TRUNC;

  private static final int[] FAMILIES = {
    sys_socket.AF_UNIX, sys_socket.AF_INET, sys_socket.AF_INET6, sys_socket.AF_NETLINK,
  };

  private DaemonConfinement() {}

  /**
   * Confines this process.
   *
   * @return why the kernel cannot do it; empty if it is done
   * @throws IOException if any thread is not then confined: the process must end
   */
  public static Optional<String> confine() throws IOException {
    return Seccomp.install(filter(Machine.current()));
  }

  /** What is taken. */
  public static SyscallFilter filter(Machine machine) {
    return Confinement.withCommonRules(new SyscallFilter(machine, SyscallFilter.X32))
        .on(Action.REFUSE, NOT_FOR_THE_DAEMON)
        .allowOnlyMasked("open 2 -", 1, WRITING, 0)
        .allowOnly(Confinement.SOCKET, 0, FAMILIES)
        .otherwise(Action.ALLOW);
  }
}
