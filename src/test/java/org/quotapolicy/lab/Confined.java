// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/**
 * What code of an attacker can do inside of the helper and inside of a daemon that root started:
 * the processes are those that are installed, and the attacker's thread was there before they
 * confined themselves.
 */
class Confined {
  private static Intruder intruder;
  private static Daemon daemon;
  private static Map<String, String> helperOutcomes;
  private static Map<String, String> daemonOutcomes;

  @BeforeAll
  static void start() {
    intruder = new Intruder();
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
    helperOutcomes = Intruder.attemptsIn(daemon.helperPid());
    daemonOutcomes = Intruder.attemptsIn(daemon.pid());
  }

  @AfterAll
  static void stop() {
    daemon.close();
    intruder.close();
  }

  @Test
  void eachThread_isFiltered() {
    for (long pid : new long[] {daemon.pid(), daemon.helperPid()}) {
      for (Proc.Status thread : Proc.threads(pid)) {
        assertEquals("2", thread.get("Seccomp"), thread::toString);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // programs and processes
        "execve",
        "execveat",
        "fork",
        "vfork by clone",
        "clone with a user namespace",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "kill",
        "kill oneself",
        "tgkill another",
        // what CAP_SYS_ADMIN could do
        "mount",
        "umount2",
        "pivot_root",
        "open_tree",
        "move_mount",
        "fsopen",
        "mount_setattr",
        "chroot",
        "unshare",
        "setns",
        "sethostname",
        "swapoff",
        "init_module",
        "finit_module",
        "kexec_load",
        "bpf",
        "perf_event_open",
        "keyctl",
        "add_key",
        "io_uring_setup",
        "userfaultfd",
        "fanotify_init",
        "syslog",
        "poison memory",
        // quotas, other than to read them
        "set a quota",
        "set a quota of XFS",
        "set grace periods",
        "quotas on",
        "quotas off",
        "quotas of XFS off",
        "set a quota by descriptor",
        // files, other than to read them
        "open to write",
        "open to read and write",
        "open to make",
        "open to truncate",
        "open of old",
        "creat",
        "truncate",
        "mkdir",
        "mknod",
        "symlink",
        "link",
        "rename",
        "unlink",
        "chmod",
        "chown",
        "setxattr",
        // sockets, other than a name service's client has
        "socket AF_PACKET",
        "socket AF_ALG",
        "socket AF_VSOCK",
        "socket AF_NETLINK",
        "socket AF_UNIX of datagrams",
        "bind",
        "listen",
        "accept",
        // itself
        "ioctl",
        "become dumpable",
        "capset",
        "setuid",
        "limits of another",
      })
  void helper_attempt_isRefused(String attempt) {
    assertEquals("EPERM", Intruder.outcome(helperOutcomes, attempt));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "execve",
        "execveat",
        "fork",
        "vfork by clone",
        "clone with a user namespace",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "mount",
        "umount2",
        "pivot_root",
        "open_tree",
        "move_mount",
        "fsopen",
        "mount_setattr",
        "chroot",
        "unshare",
        "setns",
        "bpf",
        "perf_event_open",
        "keyctl",
        "add_key",
        "io_uring_setup",
        "userfaultfd",
        "set a quota",
        "quotas off",
        "get a quota",
        "open to write",
        "open to read and write",
        "open to make",
        "open to truncate",
        "open of old",
        "creat",
        "truncate",
        "mkdir",
        "mknod",
        "symlink",
        "link",
        "rename",
        "socket AF_ALG",
        "socket AF_VSOCK",
      })
  void daemon_attempt_isRefused(String attempt) {
    assertEquals("EPERM", Intruder.outcome(daemonOutcomes, attempt));
  }

  /** Calls that hide what they do behind a pointer: libraries use the older ones instead. */
  @ParameterizedTest
  @ValueSource(strings = {"clone3", "openat2"})
  void both_attemptThatHides_isNotThere(String attempt) {
    assertEquals("ENOSYS", Intruder.outcome(helperOutcomes, attempt));
    assertEquals("ENOSYS", Intruder.outcome(daemonOutcomes, attempt));
  }

  @ParameterizedTest
  @CsvSource({"map 512 MiB,ENOMEM", "have more than 256 files,EINVAL"})
  void helper_beyondItsLimits_fails(String attempt, String errno) {
    assertEquals(errno, Intruder.outcome(helperOutcomes, attempt));
  }

  @Test
  void helper_limits_areHard() {
    String limits = Guest.must("tr -s ' ' </proc/" + daemon.helperPid() + "/limits");
    for (String limit :
        List.of(
            "Max core file size 0 0 bytes",
            "Max data size 268435456 268435456 bytes",
            "Max open files 256 256 files")) {
      assertTrue(limits.contains(limit), () -> limit + " is not in " + limits);
    }
  }

  @Test
  void helper_environment_isTheLaunchersOwn() {
    String environment = Guest.read(Path.of("/proc/" + daemon.helperPid() + "/environ"));
    assertEquals(
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 MALLOC_MMAP_THRESHOLD_=16384",
        environment.replace('\0', ' ').strip());
  }

  /** Or else everything would be refused, and the cases above would say nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "get a quota",
        "get a quota by descriptor",
        "socket AF_UNIX",
        "socket AF_INET",
        "name a thread",
        "open to read",
      })
  void helper_whatItNeeds_isNotRefused(String attempt) {
    assertNotEquals("EPERM", Intruder.outcome(helperOutcomes, attempt));
  }

  @Test
  void both_afterAllAttempts_stillServe() {
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
    assertEquals(Verdict.ACCEPT, Policy.askOnce("room", 0).verdict());
    assertEquals(Verdict.ACCEPT, Policy.askOnce("nosuchuser", 0).verdict());
    assertTrue(daemon.isAlive());
  }
}
