// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/** A daemon that was never root, and the one thing that sudo(8) lets it do. */
class SudoMode {
  private static final String PROGRAM = "/usr/lib/quotapolicy/bin/quotapolicy";

  @Test
  void daemon_startedUnprivileged_refusesAndAccepts() {
    try (Daemon daemon = Daemon.sudo("--on-error", Daemon.COULD_NOT_TELL)) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      assertEquals(Verdict.ACCEPT, Policy.askOnce("room", 0).verdict());

      long helper = daemon.helperPid();
      for (Proc.Status thread : Proc.threads(helper)) {
        assertEquals("0000000000200000", thread.get("CapEff"), thread::toString);
        assertEquals("0000000000200000", thread.get("CapBnd"), thread::toString);
        assertEquals("1", thread.get("NoNewPrivs"), thread::toString);
        assertTrue(!thread.get("Uid").startsWith("0"), thread::toString);
      }
      assertEquals(0, daemon.stop());
      Guest.await(
          "the helper ends with the daemon",
          Duration.ofSeconds(3),
          () -> Proc.commandLine(helper).isEmpty());
    }
  }

  @Test
  void sudoersFile_isAcceptedByVisudo() {
    Guest.Result result = Guest.sh("visudo -c -f /etc/sudoers.d/quotapolicy");
    assertEquals(0, result.status(), result::text);
  }

  @Test
  void sudoRule_listsOneCommand() {
    String list = Guest.must("sudo -l -U " + Daemon.USER).replaceAll("\\s+", " ");
    String rules = list.substring(list.indexOf("may run the following commands on "));
    assertEquals(
        "may run the following commands on lab: (root : root) NOSETENV: NOPASSWD: "
            + (PROGRAM + " helper "),
        rules);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "sh -c id",
        PROGRAM,
        PROGRAM + " daemon",
        PROGRAM + " helper extra",
        PROGRAM + " helper --help",
        PROGRAM + " check root",
        "/usr/bin/quotapolicy daemon",
        "-u alice " + PROGRAM + " helper",
        "JAVA_TOOL_OPTIONS=-version " + PROGRAM + " helper",
      })
  void sudo_withAnythingElse_isRefused(String words) {
    Guest.Result result = Guest.runAs(Daemon.USER, ("sudo -n " + words).split(" ", -1));
    assertNotEquals(0, result.status(), result::text);
    assertTrue(
        result.err().contains("a password is required") || result.err().contains("not allowed"),
        result::text);
  }

  @Test
  void daemon_withoutTheRule_saysWhyAndNeverAccepts() {
    Guest.must("mkdir -p /run/lab && mv /etc/sudoers.d/quotapolicy /run/lab/");
    try (Daemon daemon = Daemon.trySudo("--on-error", Daemon.COULD_NOT_TELL)) {
      Guest.await(
          "a line that says what requests get",
          Duration.ofSeconds(20),
          () -> daemon.log().contains("requests get " + Daemon.COULD_NOT_TELL));
      assertEquals(Verdict.UNKNOWN, Policy.askOnce("overhard", 0).verdict());
      assertTrue(daemon.log().contains("sudo: a password is required"), daemon::log);
      Guest.must("mv /run/lab/quotapolicy /etc/sudoers.d/");
      Guest.await(
          "the true verdict once the rule is there",
          Duration.ofSeconds(45),
          () -> Policy.askOnce("overhard", 0).verdict() == Verdict.REFUSE);
    } finally {
      Guest.sh("mv /run/lab/quotapolicy /etc/sudoers.d/");
    }
  }
}
