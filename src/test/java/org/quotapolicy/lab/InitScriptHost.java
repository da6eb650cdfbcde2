// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.quotapolicy.lab.Policy.Verdict;

/** The package on a host without systemd, from its installation to its purge. */
@Tag(LabMain.OWN_GUEST)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InitScriptHost {
  private static final String SCRIPT = "/etc/init.d/quotapolicy ";
  private static final Path RUN = Path.of("/run/quotapolicy.pid");
  private static final int NOT_RUNNING = 3;
  private static final int DEAD_BUT_PID_FILE = 1;

  private static Set<String> before = Set.of();

  @BeforeAll
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  static void install() {
    // A start takes 5 to 15 s in the guest, of which README's 10 s know nothing.
    Guest.must("POLICY_TIMEOUT=60s /lab/repo/src/test/lab/start-postfix");
    before = DebianPackage.traces();
    // As the Python program's installation left it.
    Guest.must(
        """
        printf '#!/bin/sh\\necho "$1" >>/run/old-script\\n' >/etc/init.d/quotapolicy
        chmod 755 /etc/init.d/quotapolicy""");
    DebianPackage.install();
  }

  @AfterAll
  static void stopPostfix() {
    Guest.must("postfix stop; cp /var/log/postfix.log /lab/results");
  }

  @Test
  @Order(1)
  void installed_isRunningAndRefuses() {
    assertEquals(0, status());
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
    assertEquals(Verdict.ACCEPT, Policy.askOnce("room", 0).verdict());
    assertEquals("quotapolicy", Guest.must("stat -c %U /proc/" + pid()).strip());
    assertTrue(Files.exists(Daemon.PID_FILE));
  }

  @Test
  @Order(1)
  void oldScript_wasAskedToStop_andIsPutAside() {
    assertEquals("stop", Guest.read(Path.of("/run/old-script")).strip());
    Guest.must("rm /etc/init.d/quotapolicy.dpkg-old");
  }

  @Test
  @Order(1)
  void boot_startsItBeforePostfix() {
    String script = Guest.read(Path.of("/etc/init.d/quotapolicy"));
    assertTrue(script.contains("X-Start-Before:    postfix"), script);
    Guest.must("ls /etc/rc2.d/S*quotapolicy /etc/rc0.d/K*quotapolicy");
  }

  @Test
  @Order(2)
  void mail_isDeliveredOrRefused() {
    assertTrue(MailLoad.start().finish() > 0);
  }

  @Test
  @Order(2)
  void status_isTold() {
    DebianPackage.assertTellsItsStatus(pid());
  }

  @Test
  @Order(2)
  void doctor_findsNoError() {
    DebianPackage.assertDoctorFindsNoError();
  }

  /** When start returns, the daemon answers: nobody has to wait for it. */
  @Test
  @Order(3)
  void start_afterStop_returnsWhenItAnswers() {
    Guest.must(SCRIPT + "stop");
    assertEquals(NOT_RUNNING, status());
    assertFalse(Files.exists(Daemon.SOCKET));
    Guest.must(SCRIPT + "stop");
    Guest.must(SCRIPT + "start");
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
    long pid = pid();
    Guest.must(SCRIPT + "start");
    assertEquals(pid, pid());
  }

  @Test
  @Order(4)
  void restart_underLoad_losesNothing() {
    long pid = pid();
    MailLoad load = MailLoad.start();
    // The daemon gives up its socket meanwhile: Postfix asks again, and then has its
    // default_action.
    Guest.must("postconf -e smtpd_policy_service_try_limit=60; postfix reload");
    Guest.must(SCRIPT + "restart");
    assertNotEquals(pid, pid());
    load.awaitMore();
    load.finish();
    System.out.println("  restart: " + load);
  }

  @Test
  @Order(5)
  void reload_readsTheConfigurationAgain() {
    Guest.must(
        "sed -i 's/^over-quota = .*/over-quota = 452 4.2.2 Reloaded/' /etc/quotapolicy/quotapolicy.conf");
    Guest.must(SCRIPT + "force-reload");
    Guest.await(
        "the new answer",
        Duration.ofSeconds(10),
        () -> Policy.askOnce("overhard", 0).action().equals("452 4.2.2 Reloaded"));
    Guest.must(
        "sed -i 's/^over-quota = .*/over-quota = temporary/' /etc/quotapolicy/quotapolicy.conf");
  }

  @Test
  @Order(6)
  void killed_isSeen_andStartsAgain() {
    Guest.must("kill -KILL " + pid());
    Guest.await("dead", Duration.ofSeconds(5), () -> status() == DEAD_BUT_PID_FILE);
    Guest.must(SCRIPT + "start");
    assertEquals(0, status());
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
  }

  @Test
  @Order(7)
  void oldSettings_areHonoured() {
    Guest.must(
        """
        cat >/etc/default/quotapolicy <<END
        DAEMON_HOMEDIR=/var/spool/postfix/quotapolicy
        PIDFILE=old.pid
        SOCKET=old.socket
        SUDOPATH=/usr/bin/sudo
        POSTFIX_RECIPIENT_DELIMITER=
        END""");
    Guest.must(SCRIPT + "restart");
    assertTrue(Files.exists(Daemon.HOME.resolve("old.pid")));
    try (Policy policy = new Policy(Daemon.HOME.resolve("old.socket"))) {
      assertEquals(Verdict.REFUSE, policy.ask("overhard", 0).verdict());
      assertEquals(Verdict.ACCEPT, policy.ask("overhard+list", 0).verdict());
    }
  }

  @Test
  @Order(8)
  void wrongConfiguration_failsToStart() {
    Guest.must(SCRIPT + "stop; echo 'nonsense = yes' >>/etc/quotapolicy/quotapolicy.conf");
    assertNotEquals(0, Guest.sh(SCRIPT + "start").status());
    assertEquals(NOT_RUNNING, status());
    Guest.must("sed -i '/nonsense/d' /etc/quotapolicy/quotapolicy.conf; " + SCRIPT + "start");
  }

  @Test
  @Order(9)
  void upgraded_isAnotherProcess() {
    long pid = pid();
    DebianPackage.upgrade();
    assertNotEquals(pid, pid());
    assertEquals(0, status());
  }

  @Test
  @Order(10)
  void removed_isStopped_andPurgedLeavesNothing() {
    long pid = pid();
    DebianPackage.remove();
    assertFalse(Files.exists(Path.of("/proc/" + pid)), "the daemon runs");
    assertTrue(Files.exists(Path.of("/etc/quotapolicy/quotapolicy.conf")));
    DebianPackage.purge();
    assertEquals(Set.of(), DebianPackage.tracesSince(before));
  }

  private static int status() {
    return Guest.sh(SCRIPT + "status").status();
  }

  private static long pid() {
    return Long.parseLong(Guest.read(RUN).strip());
  }
}
