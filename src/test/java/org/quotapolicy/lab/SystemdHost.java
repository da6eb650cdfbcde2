// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/** The package on a host that systemd runs, from its installation to its purge. */
@Tag(LabMain.OWN_GUEST)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SystemdHost {
  private static final String SERVICE = "quotapolicy.service";
  private static final Duration START = Duration.ofMinutes(3);

  /** What systemd-analyze(1) makes of the unit, 0 best and 10 worst; docs/systemd.md has it. */
  private static final double MOST_EXPOSURE = 2.6;

  private static Set<String> before = Set.of();

  @BeforeAll
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  static void install() {
    // A start takes 5 to 15 s in the guest, of which README's 10 s know nothing.
    Guest.must("POLICY_TIMEOUT=60s /lab/repo/src/test/lab/start-postfix systemctl start postfix");
    before = DebianPackage.traces();
    DebianPackage.install();
  }

  @AfterAll
  static void keepTheJournal() {
    write("journal.txt", Guest.must("journalctl --no-pager -o short-monotonic"));
    write("postfix.log", Guest.must("cat /var/log/postfix.log"));
  }

  @Test
  @Order(1)
  void installed_runsAndWillAfterABoot() {
    Guest.must("systemctl is-active quotapolicy.socket quotapolicy.service postfix@-.service");
    Guest.must("systemctl is-enabled quotapolicy.socket quotapolicy.service");
    assertEquals("", Guest.must("systemctl --failed --no-legend"));
    assertEquals("listening on " + Daemon.SOCKET + ", helper: direct", property("StatusText"));
    assertEquals("notify", property("Type"));
    assertTrue(property("Before").contains("postfix.service"), property("Before"));
  }

  /** A slower start would be the only other sign. */
  @Test
  @Order(1)
  void classData_isUsedByBoth() {
    String daemon = property("MainPID");
    String helper = Guest.must("pgrep -P " + daemon).strip();
    Guest.must("grep -q class-data/program.jsa /proc/" + daemon + "/maps");
    Guest.must("grep -q class-data/helper.jsa /proc/" + helper + "/maps");
  }

  @Test
  @Order(2)
  void mail_isDeliveredOrRefused() {
    assertTrue(MailLoad.start().finish() > 0);
  }

  @Test
  @Order(2)
  void files_belongToWhomTheyShould() {
    String stat = "stat -c '%U:%G %a' ";
    assertEquals("quotapolicy:postfix 750", Guest.must(stat + Daemon.HOME).strip());
    assertEquals("quotapolicy:postfix 660", Guest.must(stat + Daemon.SOCKET).strip());
    assertFalse(Files.exists(Daemon.PID_FILE), "nobody needs it");
    assertEquals("", Guest.must("find /usr/lib/quotapolicy ! -user root -o ! -type l -perm /022"));
    assertFalse(Files.exists(Path.of("/etc/sudoers.d/quotapolicy")), "no rule unless asked for");
    Guest.must("man -w 8 quotapolicy && man -w 5 quotapolicy.conf");
    Guest.must("bash -c '. /usr/share/bash-completion/completions/quotapolicy'");
  }

  @Test
  @Order(2)
  void processes_areWhoTheyShouldBe() {
    Proc.Status daemon = Proc.threads(daemon()).get(0);
    Proc.Status helper = Proc.threads(helper()).get(0);
    assertEquals(Guest.uid("quotapolicy"), uid(daemon));
    assertEquals(Guest.uid("quotapolicy-helper"), uid(helper));
    assertEquals("0000000000000000", daemon.get("CapEff"));
    assertEquals("0000000000200000", helper.get("CapEff"));
    assertEquals("0000000000200000", helper.get("CapBnd"));
    assertEquals("2", daemon.get("Seccomp"));
    assertEquals("2", helper.get("Seccomp"));
  }

  /** Whoever had it could answer in the daemon's place. */
  @Test
  @Order(2)
  void helper_hasNotTheListeningSocket() {
    Map<Integer, String> daemon = Proc.descriptors(daemon());
    assertTrue(daemon.containsKey(3), daemon::toString);
    assertFalse(
        Proc.descriptors(helper()).containsValue(daemon.get(3)),
        () -> daemon.get(3) + " in " + Proc.descriptors(helper()));
  }

  @Test
  @Order(2)
  void status_isTold() {
    DebianPackage.assertTellsItsStatus(daemon());
    assertEquals(
        "quotapolicy:quotapolicy 600",
        Guest.must("stat -c '%U:%G %a' " + Daemon.HOME + "/control.socket").strip());
  }

  @Test
  @Order(2)
  void doctor_findsNoError() {
    DebianPackage.assertDoctorFindsNoError();
  }

  @ParameterizedTest
  @Order(2)
  @CsvSource({
    "room, ACCEPT", "overhard, REFUSE", "graceover, REFUSE", "softgrace, ACCEPT",
    "inodefull, REFUSE", "xroom, ACCEPT", "xoverhard, REFUSE", "unenforced, ACCEPT"
  })
  void verdict_inTheSandbox_isTheSame(String user, Verdict verdict) {
    assertEquals(verdict, Policy.askOnce(user, 0).verdict());
  }

  @Test
  @Order(2)
  void filesystem_mountedLater_isSeen() {
    Guest.must(
        """
        mkfs.ext4 -q -O quota /dev/ubde && mkdir -p /srv/later
        mount -o usrquota /dev/ubde /srv/later
        setquota -u room 0 64 0 0 /srv/later
        install -d -o room /srv/later/room
        setpriv --reuid room --clear-groups fallocate -l 60K /srv/later/room/fill
        sed -i.bak 's,/home/room:,/srv/later/room:,' /etc/passwd""");
    try {
      Guest.await(
          "the new home is full",
          Duration.ofSeconds(5),
          () -> Policy.askOnce("room", 8_000).verdict() == Verdict.REFUSE);
    } finally {
      Guest.must("mv /etc/passwd.bak /etc/passwd; umount /srv/later");
    }
  }

  @Test
  @Order(3)
  void exposure_isRecordedAndNoWorse() {
    String table = Guest.must("systemd-analyze security --no-pager " + SERVICE);
    write("systemd-analyze-security.txt", table);
    Matcher overall =
        Pattern.compile("Overall exposure level.*?: ?.*?([0-9]+\\.[0-9]) ").matcher(table);
    assertTrue(overall.find(), table);
    assertTrue(Double.parseDouble(overall.group(1)) <= MOST_EXPOSURE, overall.group());
  }

  @Test
  @Order(3)
  void reload_isAwaitedAndTold() {
    long pid = daemon();
    Guest.must("echo 'over-quota = 452 4.2.2 Reloaded' >>/etc/quotapolicy/quotapolicy.conf");
    Guest.must("sed -i '/^over-quota = temporary/d' /etc/quotapolicy/quotapolicy.conf");
    Guest.must("systemctl reload " + SERVICE);
    Guest.await(
        "the new answer",
        Duration.ofSeconds(10),
        () -> Policy.askOnce("overhard", 0).action().equals("452 4.2.2 Reloaded"));
    assertEquals(pid, daemon());
    assertEquals("serving; configuration reloaded", property("StatusText"));
    Guest.must(
        "sed -i 's/^over-quota = .*/over-quota = temporary/' /etc/quotapolicy/quotapolicy.conf");
    Guest.must("systemctl reload " + SERVICE);
  }

  @ParameterizedTest
  @Order(4)
  @ValueSource(strings = {"daemon", "helper", "restart", "upgrade"})
  void end_underLoad_refusesNobodyWronglyAndLosesNothing(String what) {
    long pid = daemon();
    MailLoad load = MailLoad.start();
    switch (what) {
      case "daemon" -> Guest.must("kill -KILL " + pid);
      case "helper" -> Guest.must("kill -KILL " + helper());
      case "restart" -> Guest.must("systemctl restart " + SERVICE);
      default -> DebianPackage.upgrade();
    }
    awaitAnother(pid);
    load.awaitMore();
    load.finish();
    System.out.println("  " + what + ": " + load);
    Guest.must("systemctl is-active quotapolicy.socket quotapolicy.service");
  }

  @Test
  @Order(5)
  void helper_thatHangs_isFoundBeforeAnybodyAsks() {
    impatient();
    long helper = helper();
    long pid = daemon();
    Guest.must("kill -STOP " + helper);
    awaitAnother(pid);
    Guest.await(
        "the true answer", START, () -> Policy.askOnce("overhard", 0).verdict() == Verdict.REFUSE);
    assertNotEquals(helper, helper());
  }

  @Test
  @Order(6)
  void daemon_thatHangs_isReplaced() {
    long pid = daemon();
    Guest.must("kill -STOP " + pid);
    awaitAnother(pid);
    assertTrue(
        Guest.must("journalctl --no-pager -b").contains("Watchdog timeout"), SystemdHost::journal);
    Guest.await(
        "the true answer", START, () -> Policy.askOnce("overhard", 0).verdict() == Verdict.REFUSE);
  }

  @Test
  @Order(7)
  void oldSettings_areHonoured() {
    Guest.must(
        """
        cat >/etc/default/quotapolicy <<END
        DAEMON_USER=quotapolicy
        PIDFILE=quotapolicy.pid
        QUOTAPATH="/usr/bin/quota"
        POSTFIX_RECIPIENT_DELIMITER="-"
        END
        systemctl restart quotapolicy""");
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard-list", 0).verdict());
    assertEquals(Verdict.ACCEPT, Policy.askOnce("overhard+list", 0).verdict());
    assertTrue(journal().contains("--quotapath is ignored"), SystemdHost::journal);
  }

  /** It listens where its unit says: whoever has set something else is told at the installation. */
  @Test
  @Order(7)
  void oldSettings_ofTheSocket_areMentioned() {
    String configure = "/var/lib/dpkg/info/quotapolicy.postinst configure 99";
    Guest.must("cp /etc/default/quotapolicy /run/default.before");
    try {
      Guest.must("echo SOCKET=quotapolicy.socket >/etc/default/quotapolicy");
      assertFalse(Guest.must(configure).contains("quotapolicy.socket says"));
      Guest.must("echo 'SOCKET=\"other.socket\" # mine' >/etc/default/quotapolicy");
      String said = Guest.must(configure);
      assertTrue(said.contains("/etc/default/quotapolicy says SOCKET=other.socket"), said);
      assertTrue(said.contains("systemctl edit quotapolicy.socket"), said);
      assertTrue(journal().contains("other.socket"), SystemdHost::journal);
    } finally {
      Guest.must("cp /run/default.before /etc/default/quotapolicy; systemctl restart quotapolicy");
    }
  }

  /** Who may connect its unit says, too: whoever has set something else is told. */
  @Test
  @Order(7)
  void otherAccess_toTheSocket_isWarnedOf() {
    String config = "/etc/quotapolicy/quotapolicy.conf";
    assertFalse(journal().contains("socket-mode and socket-group do nothing"));
    Guest.must("sed -i.bak 's/^socket-mode = .*/socket-mode = 0666/' " + config);
    try {
      Guest.must("systemctl restart quotapolicy");
      assertTrue(
          journal().contains("socket-mode and socket-group do nothing"), SystemdHost::journal);
    } finally {
      Guest.must("mv " + config + ".bak " + config + "; systemctl restart quotapolicy");
    }
  }

  /**
   * dpkg calls the package's trigger when Postfix is unpacked; until then there is no directory.
   */
  @Test
  @Order(7)
  void postfix_installedLater_startsIt() {
    Guest.must("systemctl stop quotapolicy.service quotapolicy.socket");
    Guest.must("rm -r " + Daemon.HOME);
    Guest.must("dpkg-trigger --no-await --by-package=postfix /usr/sbin/postfix");
    Guest.must("dpkg --triggers-only quotapolicy");
    Guest.must("systemctl is-active quotapolicy.socket quotapolicy.service");
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
  }

  @Test
  @Order(8)
  void wrongConfiguration_isToldOnce_andMailGoesOn() {
    Guest.must("echo 'nonsense = yes' >>/etc/quotapolicy/quotapolicy.conf");
    try {
      assertNotEquals(0, Guest.sh("systemctl restart quotapolicy").status());
      assertTrue(journal().contains("there is no setting \"nonsense\""), SystemdHost::journal);
      // Of the journal: by now an smtpd may have asked, and the next start be under way.
      String ended = "quotapolicy.service: Main process exited, code=exited, status=2/";
      assertTrue(Guest.must("journalctl --no-pager -b -n 300").contains(ended));
      try (Smtp session = new Smtp()) {
        session.must("MAIL FROM:<alice@lab.example>");
        session.must("RCPT TO:<nolimit@lab.example>");
      }
    } finally {
      Guest.must("sed -i '/nonsense/d' /etc/quotapolicy/quotapolicy.conf");
    }
    Guest.must("systemctl reset-failed; systemctl restart quotapolicy.socket quotapolicy.service");
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
  }

  @Test
  @Order(9)
  void removed_isStopped_andKeepsItsConfiguration() {
    long pid = daemon();
    DebianPackage.remove();
    assertFalse(Files.exists(Path.of("/proc/" + pid)), "the daemon runs");
    assertEquals("", Guest.sh("pgrep -u quotapolicy,quotapolicy-helper").out());
    assertFalse(Files.exists(Daemon.HOME));
    assertTrue(Files.exists(Path.of("/etc/quotapolicy/quotapolicy.conf")));
  }

  @Test
  @Order(10)
  void purged_leavesNothing() {
    DebianPackage.purge();
    Guest.must("rm -r /run/systemd/system/quotapolicy.service.d; systemctl daemon-reload");
    assertEquals(Set.of(), DebianPackage.tracesSince(before));
    assertEquals("", Guest.must("systemctl --failed --no-legend"));
  }

  /**
   * An administrator gave the user, and owner and mode of the directory, beforehand. Postfix is
   * unpacked in the same run of dpkg, but its group is made only after this package is configured.
   */
  @Test
  @Order(11)
  void installed_beforePostfixIsConfigured_isStarted() {
    Guest.must(
        """
        useradd --uid 1500 --no-create-home quotapolicy
        dpkg-statoverride --add quotapolicy mail 0751 /var/spool/postfix/quotapolicy
        sed -i.bak 's/^postfix:/later:/' /etc/group
        mkdir -p /run/later/DEBIAN
        cat >/run/later/DEBIAN/control <<END
        Package: later
        Version: 1
        Architecture: all
        Maintainer: lab <lab@lab.example>
        Description: makes Postfix's group
        END
        printf '#!/bin/sh\\nsed -i s/^later:/postfix:/ /etc/group\\n' >/run/later/DEBIAN/postinst
        chmod 755 /run/later/DEBIAN/postinst
        dpkg-deb --build /run/later /run/later.deb""");
    String said = Guest.must("dpkg --install /run/deb/quotapolicy.deb /run/later.deb");
    assertTrue(said.contains("no Postfix here yet"), said);
    Guest.must("systemctl is-active quotapolicy.socket quotapolicy.service");
    assertEquals("1500 751", Guest.must("stat -c '%u %a' " + Daemon.HOME).strip());
    assertEquals("1500", Guest.must("ps -o uid= -p " + daemon()).strip());
    assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
  }

  /** So that cases about hanging processes take less, but a slow guest is not taken for one. */
  private static void impatient() {
    Guest.must(
        """
        mkdir -p /run/systemd/system/quotapolicy.service.d
        printf '[Service]\\nWatchdogSec=16s\\n' >/run/systemd/system/quotapolicy.service.d/lab.conf
        systemctl daemon-reload
        systemctl restart quotapolicy""");
  }

  private static long uid(Proc.Status status) {
    return Long.parseLong(status.get("Uid").split("\t", -1)[0]);
  }

  private static String property(String name) {
    return Guest.must("systemctl show --value -p " + name + " " + SERVICE).strip();
  }

  private static long daemon() {
    return Long.parseLong(property("MainPID"));
  }

  private static long helper() {
    return Long.parseLong(Guest.must("pgrep -n -x -u quotapolicy-helper java").strip());
  }

  private static void awaitAnother(long pid) {
    Guest.await(
        "another daemon",
        START,
        () -> property("ActiveState").equals("active") && daemon() != pid && daemon() != 0);
  }

  private static String journal() {
    return Guest.must("journalctl --no-pager -n 200 -u quotapolicy");
  }

  private static void write(String name, String text) {
    try {
      Files.writeString(Path.of("/lab/results").resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
