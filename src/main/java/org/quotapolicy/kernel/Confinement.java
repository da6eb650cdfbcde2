// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import java.io.IOException;
import java.util.Optional;
import org.quotapolicy.kernel.Headers.fcntl;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs;
import org.quotapolicy.kernel.Headers.linux_quota;
import org.quotapolicy.kernel.Headers.linux_sched;
import org.quotapolicy.kernel.Headers.sys_mman;
import org.quotapolicy.kernel.Headers.sys_prctl;
import org.quotapolicy.kernel.Headers.sys_socket;
import org.quotapolicy.kernel.Headers.xfs_xfs;
import org.quotapolicy.kernel.SyscallFilter.Action;

/**
 * Leaves the helper the system calls that it needs once it serves, in all of its threads and with
 * no way back. Source: seccomp(2), SECCOMP_FILTER_FLAG_TSYNC.
 *
 * <p>What is refused fails with EPERM: a name service's module that needs more then cannot be
 * asked, and nothing dies of it. Landlock has no part in this: a name service's module may read
 * what it likes.
 */
public final class Confinement {
  // What the filters of the helper and of the daemon look at the arguments of.
  static final String CLONE = "clone 56 220";
  static final String CLONE3 = "clone3 435 435";
  static final String OPENAT = "openat 257 56";
  public static final String SOCKET = "socket 41 198";

  /** What the helper may do whatever the arguments are. */
  static final String HELPER =
      // files, all by descriptor or for reading
      "read 0 63, readv 19 65, pread64 17 67, lseek 8 62, close 3 57, fstat 5 80, stat 4 -,"
          + "lstat 6 -, newfstatat 262 79, statx 332 291, statfs 137 43, fstatfs 138 44,"
          + "access 21 -, faccessat 269 48, faccessat2 439 439, readlink 89 -,"
          + "readlinkat 267 78, getdents64 217 61, getcwd 79 17, write 1 64, writev 20 66,"
          // memory; the compiler of the JVM makes code
          + "brk 12 214, mmap 9 222, munmap 11 215, mprotect 10 226, mremap 25 216,"
          // threads, signals, time
          + "futex 202 98, set_robust_list 273 99, get_robust_list 274 100,"
          + "set_tid_address 218 96, rseq 334 293, membarrier 324 283, gettid 186 178,"
          + "sched_yield 24 124, sched_getaffinity 204 123, getcpu 309 168, exit 60 93,"
          + "exit_group 231 94, restart_syscall 219 128, rt_sigaction 13 134,"
          + "rt_sigprocmask 14 135, rt_sigreturn 15 139, sigaltstack 131 132,"
          + "clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115,"
          + "nanosleep 35 101, gettimeofday 96 169, time 201 -, times 100 153,"
          // what and where it is
          + "getpid 39 172, getppid 110 173, getuid 102 174, geteuid 107 175, getgid 104 176,"
          + "getegid 108 177, getresuid 118 148, getresgid 120 150, getgroups 115 158,"
          + "getrusage 98 165, getrlimit 97 163, uname 63 160, sysinfo 99 179,"
          + "getrandom 318 278,"
          // the daemon, and the servers of the name service
          + "connect 42 203, shutdown 48 210, sendto 44 206, sendmsg 46 211, sendmmsg 307 269,"
          + "recvfrom 45 207, recvmsg 47 212, getsockname 51 204, getpeername 52 205,"
          + "getsockopt 55 209, setsockopt 54 208, poll 7 -, ppoll 271 73, select 23 -,"
          + "pselect6 270 72, epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -,"
          + "epoll_pwait 281 22, eventfd2 290 19, timerfd_create 283 85, timerfd_settime 286 86";

  /** Not there: openat2 and clone3 hide from a filter what they do; open and clone do not. */
  static final String HIDING = CLONE3 + ", openat2 437 437";

  private static final int WRITING = fcntl.O_WRONLY | fcntl.O_RDWR | fcntl.O_CREAT | fcntl.O_TRUNC;

  private static final int THREAD = linux_sched.CLONE_VM | linux_sched.CLONE_THREAD;

  private static final int NEW_NAMESPACE =
      linux_sched.CLONE_NEWNS
          | linux_sched.CLONE_NEWCGROUP
          | linux_sched.CLONE_NEWUTS
          | linux_sched.CLONE_NEWIPC
          | linux_sched.CLONE_NEWUSER
          | linux_sched.CLONE_NEWPID
          | linux_sched.CLONE_NEWNET;

  /** All of quotactl(2) that only reads. */
  private static final int[] READING_OF_QUOTAS = {
    linux_quota.Q_GETQUOTA << linux_quota.SUBCMDSHIFT,
    linux_quota.Q_GETNEXTQUOTA << linux_quota.SUBCMDSHIFT,
    linux_dqblk_xfs.Q_XGETQUOTA << linux_quota.SUBCMDSHIFT,
    linux_dqblk_xfs.Q_XGETNEXTQUOTA << linux_quota.SUBCMDSHIFT,
    linux_dqblk_xfs.Q_XGETQSTATV << linux_quota.SUBCMDSHIFT,
  };

  private static final int QUOTA_COMMAND = -1 << linux_quota.SUBCMDSHIFT;

  private static final int[] OF_DESCRIPTORS = {
    fcntl.F_DUPFD,
    fcntl.F_GETFD,
    fcntl.F_SETFD,
    fcntl.F_GETFL,
    fcntl.F_SETFL,
    fcntl.F_DUPFD_CLOEXEC,
  };

  /** Netlink is not among them: CAP_SYS_ADMIN would be good for much there. */
  private static final int[] FAMILIES = {
    sys_socket.AF_UNIX, sys_socket.AF_INET, sys_socket.AF_INET6,
  };

  private Confinement() {}

  /**
   * Leaves the helper what it needs to be asked, and to ask the name service and quotactl(2).
   *
   * @return why the kernel cannot do it; empty if it is done
   * @throws IOException if any thread is not then confined: the process must end
   */
  public static Optional<String> ofHelper() throws IOException {
    return Seccomp.install(helper(Machine.current(), Libc.getpid()));
  }

  static SyscallFilter helper(Machine machine, int pid) {
    return withCommonRules(new SyscallFilter(machine, SyscallFilter.UNKNOWN_TO_LINUX_6_1))
        .on(Action.ALLOW, HELPER)
        // The one privilege changes no quota, and nothing else of the many things it is good for.
        .allowOnlyMasked("quotactl 179 60", 0, QUOTA_COMMAND, READING_OF_QUOTAS)
        .allowOnlyMasked("quotactl_fd 443 443", 1, QUOTA_COMMAND, READING_OF_QUOTAS)
        .allowOnly("ioctl 16 29", 1, (int) xfs_xfs.XFS_IOC_FSBULKSTAT_SINGLE)
        .allowOnly("madvise 28 233", 2, sys_mman.MADV_DONTNEED, sys_mman.MADV_FREE)
        .allowOnly("prctl 157 167", 0, sys_prctl.PR_SET_NAME)
        .allowOnly("tgkill 234 131", 0, pid)
        .allowOnly("prlimit64 302 261", 0, 0)
        .allowOnly("fcntl 72 25", 1, OF_DESCRIPTORS)
        // With that privilege a datagram can be sent in the name of any process
        // (scm_check_creds()).
        .refuseUnless(SOCKET, 0, sys_socket.AF_UNIX, 1, sys_socket.SOCK_STREAM)
        .allowOnly(SOCKET, 0, FAMILIES)
        .otherwise(Action.REFUSE);
  }

  /** What holds for the helper and for the daemon: nothing is written, nothing else is started. */
  public static SyscallFilter withCommonRules(SyscallFilter filter) {
    return filter
        .on(Action.IGNORE, HIDING)
        .allowOnlyMasked(OPENAT, 2, WRITING, 0)
        .allowOnlyMasked(CLONE, 0, THREAD | NEW_NAMESPACE, THREAD);
  }
}
