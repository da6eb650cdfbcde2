// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/** What the two processes of a daemon that root started may still do. */
class PrivilegeBoundary {
  private static final String HELPER_USER = "quotapolicy-helper";
  private static final String NO_CAPABILITY = "0000000000000000";
  private static final String ONLY_SYS_ADMIN = "0000000000200000";
  private static final int REQUESTS = 200;

  private static Daemon daemon;

  @BeforeAll
  static void start() {
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
    // The state that counts is the one in which requests are served.
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @Test
  void daemon_eachThread_hasNoIdentityOfRoot() {
    assertIdentity(daemon.pid(), Daemon.USER);
  }

  @Test
  void daemon_eachThread_hasNoCapability() {
    for (Proc.Status thread : Proc.threads(daemon.pid())) {
      for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
        assertEquals(NO_CAPABILITY, thread.get(set), () -> set + " of " + thread);
      }
      assertEquals("1", thread.get("NoNewPrivs"), thread::toString);
    }
  }

  @Test
  void helper_eachThread_hasNoIdentityOfRoot() {
    assertIdentity(daemon.helperPid(), HELPER_USER);
  }

  @Test
  void helper_eachThread_hasOneCapability() {
    for (Proc.Status thread : Proc.threads(daemon.helperPid())) {
      for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
        assertEquals(ONLY_SYS_ADMIN, thread.get(set), () -> set + " of " + thread);
      }
      assertEquals("1", thread.get("NoNewPrivs"), thread::toString);
    }
  }

  /** The kernel gives the files of a process that is not dumpable to root. */
  @Test
  void helper_memory_isClosedToItsOwnUser() {
    String memory = "/proc/" + daemon.helperPid() + "/mem";
    assertEquals("root", Guest.must("stat -c %U " + memory).strip());
    Guest.Result read = Guest.runAs(HELPER_USER, "head", "-c", "1", memory);
    assertTrue(read.err().contains("Permission denied"), read::text);
  }

  @Test
  void helper_descriptors_areFewAndKnown() {
    Map<Integer, String> descriptors = Proc.descriptors(daemon.helperPid());
    String socket = descriptors.get(0);
    assertTrue(socket != null && socket.startsWith("socket:"), descriptors::toString);
    for (String target : descriptors.values()) {
      assertTrue(
          target.equals(socket) || isHarmless(target) || isConnectedToNobody(target),
          () -> target + " in " + descriptors);
    }
  }

  @Test
  void helper_commandLine_isAJavaThatEndsInHelper() {
    List<String> words = Proc.commandLine(daemon.helperPid());
    assertTrue(words.get(0).endsWith("java"), words::toString);
    assertEquals("helper", words.get(words.size() - 1));
    assertTrue(Proc.commandLine(daemon.pid()).contains("daemon"));
  }

  @Test
  void socketAndPidFile_belongToTheDaemonsUser() {
    String owners = Guest.must("stat -c '%U:%G' " + Daemon.SOCKET + " " + Daemon.PID_FILE);
    assertEquals("quotapolicy:quotapolicy\nquotapolicy:quotapolicy\n", owners);
    assertEquals("666", Guest.must("stat -c %a " + Daemon.SOCKET).strip());
    assertEquals(Long.toString(daemon.pid()), Guest.read(Daemon.PID_FILE).strip());
  }

  /**
   * The counter is of the whole kernel and includes threads, of which a JVM and, on a busy machine,
   * the kernel itself start some. One for each request would be twice the bound.
   */
  @Test
  void requests_startNoProcess() {
    try (Policy policy = new Policy()) {
      policy.ask("room", 0);
      long before = Proc.forks();
      for (int i = 0; i < REQUESTS; i++) {
        assertEquals(Verdict.REFUSE, policy.ask("overhard", 0).verdict());
      }
      long started = Proc.forks() - before;
      assertTrue(started < REQUESTS / 2, started + " processes or threads were started");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"</dev/null", "</etc/passwd", "| true", "</dev/ptmx"})
  void helper_withoutSocketAsInput_refusesToRun(String input) {
    String command = "/usr/lib/quotapolicy/bin/quotapolicy helper ";
    Guest.Result result =
        Guest.sh(input.startsWith("|") ? "true | " + command : command + input + " >/run/lab/h");
    assertNotEquals(0, result.status(), result::text);
    assertTrue(result.text().contains("socket"), result::text);
  }

  private static void assertIdentity(long pid, String user) {
    String uid = Long.toString(Guest.uid(user));
    String gid = Long.toString(Guest.gid(user));
    List<Proc.Status> threads = Proc.threads(pid);
    assertFalse(threads.isEmpty());
    for (Proc.Status thread : threads) {
      assertEquals(Set.of(uid), words(thread.get("Uid")), thread::toString);
      assertEquals(Set.of(gid), words(thread.get("Gid")), thread::toString);
      assertTrue(Set.of(gid).containsAll(words(thread.get("Groups"))), thread::toString);
    }
  }

  private static Set<String> words(String field) {
    Set<String> words = new HashSet<>(List.of(field.strip().split("\\s+", -1)));
    words.remove("");
    return words;
  }

  /**
   * The JDK keeps half of a socketpair, the other half closed, to put in the place of a closed
   * file.
   */
  private static boolean isConnectedToNobody(String target) {
    String inode = target.replaceAll("\\D", "");
    return target.startsWith("socket:")
        && Guest.must("ss --unix --all --no-header")
            .lines()
            .anyMatch(line -> line.matches("u_str .* " + inode + " +\\* 0 *"));
  }

  private static boolean isHarmless(String target) {
    return target.matches(
        "/dev/null|/dev/u?random|pipe:.*|anon_inode:\\[event(fd|poll)\\]|/proc/\\d+/mountinfo"
            + "|/lab/results/daemon-\\d+\\.log"
            + "|/usr/lib/quotapolicy/.*|/usr/lib/jvm/.*|/lab/java/.*");
  }
}
