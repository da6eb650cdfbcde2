// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/** The helper dies or hangs: every request is answered in time, and never wrongly. */
class HelperTrouble {
  private static final String[] OPTIONS = {
    "--timeout", "2", "--on-error", Daemon.COULD_NOT_TELL,
  };

  /** The time-out, and what one slow processor needs to wake everybody up. */
  private static final Duration IN_TIME = Duration.ofMillis(3500);

  private static final Duration END = Duration.ofSeconds(20);
  private static final Duration RECOVERY = Duration.ofSeconds(25);
  private static final int CONNECTIONS = 8;

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "STOP"})
  void directMode_helperInTrouble_answersAndEndsWithItsOwnStatus(String signal) {
    try (Daemon daemon = Daemon.direct(OPTIONS)) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      long helper = daemon.helperPid();
      assertAnsweredDuring(helper, signal);
      assertEquals(75, daemon.awaitEnd(END), daemon::log);
      assertFalse(Files.exists(Daemon.SOCKET), "the socket is left behind");
      assertFalse(Files.exists(Daemon.PID_FILE), "the pid file is left behind");
      Guest.sh("kill -KILL " + helper);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "STOP"})
  void sudoMode_helperInTrouble_answersAndRecovers(String signal) {
    try (Daemon daemon = Daemon.sudo(OPTIONS)) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      long helper = daemon.helperPid();
      assertAnsweredDuring(helper, signal);
      Guest.await(
          "the true verdict after recovery",
          RECOVERY,
          () -> {
            Verdict verdict = Policy.askOnce("overhard", 0).verdict();
            assertNotEquals(Verdict.ACCEPT, verdict);
            return verdict == Verdict.REFUSE;
          });
      assertEquals(Verdict.ACCEPT, Policy.askOnce("room", 0).verdict());
      assertTrue(daemon.isAlive());
      Guest.sh("kill -KILL " + helper);
    }
  }

  /**
   * No descriptor is left: /etc/passwd cannot be opened, and the next source of the name service
   * says, rightly, that it does not know him.
   */
  @Test
  void helper_shortOfDescriptors_guessesNothing() {
    List<String> full =
        List.of(
            "overhard",
            "bob",
            "inodefull",
            "graceover",
            "overlimit",
            "inodeover",
            "xoverhard",
            "xinodefull");
    try (Daemon daemon = Daemon.direct(OPTIONS)) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      // All sources are loaded when one is asked whom nobody knows.
      assertEquals(Verdict.ACCEPT, Policy.askOnce("stranger", 0).verdict());
      long helper = daemon.helperPid();
      int used = Proc.descriptors(helper).size();
      List<Policy> connections = full.stream().map(user -> new Policy()).toList();
      Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
      Guest.must("prlimit --pid %d --nofile=%d:".formatted(helper, used));
      for (int i = 0; i < 30; i++) {
        for (int k = 0; k < full.size(); k++) {
          connections.get(k).send(full.get(k), 0);
        }
        for (Policy policy : connections) {
          verdicts.merge(policy.receive().verdict(), 1, Integer::sum);
        }
      }
      connections.forEach(Policy::close);
      assertFalse(verdicts.containsKey(Verdict.ACCEPT), verdicts::toString);
      assertTrue(verdicts.containsKey(Verdict.UNKNOWN), verdicts::toString);
      Guest.must("prlimit --pid %d --nofile=256:".formatted(helper));
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      assertEquals(Verdict.ACCEPT, Policy.askOnce("stranger", 0).verdict());
    }
  }

  /** Requests are under way on several connections when the signal comes. */
  private static void assertAnsweredDuring(long helper, String signal) {
    List<Policy> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new Policy());
    }
    // Stopped first, so that the requests are surely not answered before a kill.
    Guest.must("kill -STOP " + helper);
    long start = System.nanoTime();
    connections.forEach(policy -> policy.send("overhard", 0));
    if (!signal.equals("STOP")) {
      Guest.must("kill -" + signal + " " + helper);
    }
    for (Policy policy : connections) {
      assertNotEquals(Verdict.ACCEPT, policy.receive().verdict());
      policy.close();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(IN_TIME) < 0, "answered only after " + took.toMillis() + " ms");
  }
}
