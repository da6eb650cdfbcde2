// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;

/** Start, end, and what is left behind. */
class DaemonLifecycle {
  /** One second on a real machine; the guest is three to four times slower. */
  private static final Duration CLEAN_END = Duration.ofMillis(2500);

  private static final Duration REFUSED_START = Duration.ofSeconds(15);
  private static final int IDLE_CONNECTIONS = 1000;

  @Test
  void sigterm_endsCleanlyAndSoon() {
    try (Daemon daemon = Daemon.direct()) {
      long helper = daemon.helperPid();
      try (Policy idle = new Policy()) {
        assertEquals(Verdict.ACCEPT, idle.ask("room", 0).verdict());
        long start = System.nanoTime();
        assertEquals(0, daemon.stop(), daemon::log);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(CLEAN_END) < 0, "took " + took.toMillis() + " ms");
      }
      assertFalse(Files.exists(Daemon.SOCKET), "the socket is left behind");
      assertFalse(Files.exists(Daemon.PID_FILE), "the pid file is left behind");
      Guest.await(
          "the helper ends too", Duration.ofSeconds(2), () -> Proc.commandLine(helper).isEmpty());
    }
  }

  @Test
  void staleFiles_ofADeadDaemon_areReplaced() {
    try (Daemon dead = Daemon.direct()) {
      Guest.must("kill -KILL " + dead.pid());
      dead.awaitEnd(Duration.ofSeconds(5));
      assertTrue(Files.exists(Daemon.SOCKET) && Files.exists(Daemon.PID_FILE));
      try (Daemon next = Daemon.direct()) {
        assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
        assertEquals(Long.toString(next.pid()), Guest.read(Daemon.PID_FILE).strip());
      }
    }
  }

  @Test
  void socketThatIsRemoved_isNoticed() {
    try (Daemon daemon = Daemon.direct()) {
      Guest.must("rm " + Daemon.SOCKET);
      assertEquals(75, daemon.awaitEnd(Duration.ofSeconds(10)), daemon::log);
      assertTrue(daemon.log().contains("the policy socket is no longer at "), daemon::log);
      assertFalse(Files.exists(Daemon.PID_FILE), "the pid file is left behind");
    }
  }

  @Test
  void secondDaemon_isAClearErrorAndHarmsNobody() {
    try (Daemon first = Daemon.direct()) {
      Daemon second = Daemon.tryDirect();
      assertEquals(1, second.awaitEnd(REFUSED_START), second::log);
      assertTrue(second.log().contains(Long.toString(first.pid())), second::log);
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      assertTrue(Files.exists(Daemon.PID_FILE));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--bogus,              '',            2",
    "--over-quota,         OK,            2",
    "--over-quota,         200,           2",
    "--on-error,           PERMIT,        2",
    "--on-error,           REJECT,        2",
    "--timeout,            soon,          2",
    "--helper,             setuid,        2",
    "--homedir,            /nonexistent,  1",
    "--user,               no-such-user,  1",
  })
  void configuration_thatCannotServe_isRefusedAtTheStart(String option, String value, int status) {
    Daemon daemon = value.isEmpty() ? Daemon.tryDirect(option) : Daemon.tryDirect(option, value);
    assertEquals(status, daemon.awaitEnd(REFUSED_START), daemon::log);
    assertTrue(daemon.log().contains("quotapolicy: "), daemon::log);
    assertFalse(daemon.log().contains("ready"), daemon::log);
    assertFalse(Files.exists(Daemon.SOCKET));
  }

  @Test
  void oldOption_quotapath_isIgnoredWithAWarning() {
    try (Daemon daemon = Daemon.direct("--domain", "lab.example", "-q", "/usr/bin/quota")) {
      List<String> warnings =
          daemon.log().lines().filter(line -> line.contains("warning")).toList();
      assertEquals(1, warnings.size(), daemon::log);
      assertTrue(warnings.get(0).contains("quotapath"), daemon::log);
    }
  }

  @Test
  void debug_printsEachDecision() {
    try (Daemon daemon = Daemon.direct("--debug")) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      Guest.await(
          "a line about overhard",
          Duration.ofSeconds(2),
          () -> daemon.log().lines().anyMatch(line -> line.contains("overhard")));
    }
  }

  @Test
  void idleConnections_aThousand_hinderNobody() {
    List<Policy> idle = new ArrayList<>();
    try (Daemon daemon = Daemon.direct()) {
      for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        idle.add(new Policy());
      }
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      assertEquals(Verdict.REFUSE, idle.get(0).ask("overhard", 0).verdict());
      assertEquals(Verdict.ACCEPT, idle.get(IDLE_CONNECTIONS - 1).ask("room", 0).verdict());
      assertTrue(daemon.isAlive());
    } finally {
      idle.forEach(Policy::close);
    }
  }
}
