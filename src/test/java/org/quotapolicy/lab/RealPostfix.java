// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's Postfix, its smtpd in the chroot, asks the daemon. alice has room, bob is full. */
class RealPostfix {
  private static final Path LOG = Path.of("/var/log/postfix.log");
  private static final Duration DELIVERY = Duration.ofSeconds(15);
  private static final String REFUSAL =
      "450 4\\.2\\.2 <.*>: Recipient address rejected: .*[Mm]ailbox.*";

  private static Daemon daemon;
  private int logged;

  @BeforeAll
  static void start() {
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
    Guest.must("/lab/repo/src/test/lab/start-postfix");
  }

  @AfterAll
  static void stop() {
    Guest.must("cp " + LOG + " /lab/results/postfix.log; postfix stop");
    daemon.close();
  }

  @BeforeEach
  void rememberLog() {
    logged = Guest.read(LOG).length();
  }

  /** Whoever asks us must never see a connection closed early, garbage, or silence. */
  @AfterEach
  void policyService_gaveNoReasonToComplain() {
    if (daemon.isAlive()) {
      assertFalse(newLog().contains("warning: "), this::newLog);
    }
  }

  @Test
  void smtpd_isChrootedAsDebianShipsIt() {
    try (Smtp session = new Smtp()) {
      session.must("NOOP");
      String pid = Guest.must("pgrep -x smtpd").lines().findFirst().orElseThrow();
      assertEquals("/var/spool/postfix", Guest.must("readlink /proc/" + pid + "/root").strip());
    }
  }

  /** The path in main.cf is relative to the queue directory, so it is right there, too. */
  @Test
  void mail_forFullUser_isRefusedBySmtpdOutsideOfTheChroot() {
    Guest.must("postfix stop; postconf -F smtp/inet/chroot=n; postfix start");
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      String reply = session.say("RCPT TO:<bob@lab.example>");
      assertTrue(reply.matches(REFUSAL), reply);
      session.must("RCPT TO:<alice@lab.example>");
      String pid = Guest.must("pgrep -n -x smtpd").strip();
      assertEquals("/", Guest.must("readlink /proc/" + pid + "/root").strip());
    } finally {
      Guest.must("postfix stop; postconf -F smtp/inet/chroot=y; postfix start");
    }
  }

  @Test
  void mail_forUserWithRoom_isDelivered() {
    Guest.Result sent = swaks("alice@lab.example", "room");
    assertEquals(0, sent.status(), sent::text);
    awaitLog("to=<alice@lab.example>.*status=sent \\(delivered to maildir\\)");
    assertEquals(1, mailsOf("alice", "room"));
  }

  @Test
  void mail_forFullUser_isRefusedAtRcpt() {
    Guest.Result sent = swaks("bob@lab.example", "full");
    assertEquals(24, sent.status(), sent::text);
    assertTrue(
        sent.text().lines().anyMatch(line -> line.matches("<\\*\\* " + REFUSAL)), sent::text);
    assertTrue(
        newLog().matches("(?s).*NOQUEUE: reject: RCPT from .*" + REFUSAL + ".*"), this::newLog);
    assertFalse(newLog().contains("status=bounced"), this::newLog);
  }

  /** The problem that we solve, shown: accepted first, and then returned to whoever sent it. */
  @Test
  void mail_forFullUserWithoutPolicy_isAcceptedAndBounces() {
    assertEquals(0, daemon.stop());
    try {
      Guest.Result sent = swaks("bob@lab.example", "nobody asked");
      assertEquals(0, sent.status(), sent::text);
      awaitLog("to=<bob@lab.example>.*dsn=5\\.2\\.2, status=bounced .*Disk quota exceeded");
      awaitLog("from=<>.*");
      awaitLog("to=<alice@lab.example>.*status=sent");
      assertEquals(1, mailsOf("alice", "Undelivered Mail Returned to Sender"));
    } finally {
      daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
      // Here alone Postfix had to complain.
      rememberLog();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@lab.example",
        "bob+lists@lab.example",
        "BOB@lab.example",
        "Bob+Lists@LAB.example",
        "\"bob\"@lab.example",
        "bob",
      })
  void recipient_inAnyForm_isFoundToBeFull(String recipient) {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      String reply = session.say("RCPT TO:<" + recipient + ">");
      assertTrue(reply.matches(REFUSAL), reply);
    }
  }

  @Test
  void recipient_unknown_isPostfixsToRefuse() {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      String reply = session.say("RCPT TO:<no-such-user@lab.example>");
      assertTrue(reply.startsWith("550 5.1.1 "), reply);
    }
  }

  @Test
  void recipient_elsewhere_isNotRelayedFor() {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      String reply = session.say("RCPT TO:<alice@elsewhere.example>");
      assertTrue(reply.startsWith("454 4.7.1 ") || reply.startsWith("554 5.7.1 "), reply);
    }
  }

  @Test
  void size_declared_decides() {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example> SIZE=7168");
      session.must("RCPT TO:<exactfit@lab.example>");
      session.must("RSET");
      session.must("MAIL FROM:<alice@lab.example> SIZE=7169");
      String reply = session.say("RCPT TO:<exactfit@lab.example>");
      assertTrue(reply.matches(REFUSAL), reply);
    }
  }

  /** A client that declares no size: the true one is known when the message is there. */
  @Test
  void size_notDeclared_isRefusedAtEndOfData() {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      session.must("RCPT TO:<exactfit@lab.example>");
      session.must("DATA");
      String text = ("x".repeat(98) + "\r\n").repeat(200);
      String reply = session.say("Subject: undeclared\r\n\r\n" + text + ".");
      assertTrue(reply.matches("450 4\\.2\\.2 .*[Mm]ailbox.*"), reply);
    }
    awaitLog("reject: END-OF-MESSAGE from ");
    assertFalse(newLog().contains("to=<exactfit@lab.example>, relay="), this::newLog);
    assertEquals("", Guest.must("ls /home/exactfit | grep -vx fill || :"));
  }

  /** A service that closes after each answer costs Postfix a second for each next recipient. */
  @Test
  void session_withManyRecipientsAndMails_losesNoTime() {
    try (Smtp session = new Smtp()) {
      long start = System.nanoTime();
      for (int mail = 0; mail < 5; mail++) {
        session.must("MAIL FROM:<alice@lab.example>");
        for (int recipient = 0; recipient < 4; recipient++) {
          session.must("RCPT TO:<alice+" + recipient + "@lab.example>");
        }
        assertTrue(session.say("RCPT TO:<bob@lab.example>").matches(REFUSAL));
        session.must("RSET");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.toMillis() < 5000, "25 recipients took " + took.toMillis() + " ms");
    }
  }

  @Test
  void mail_forSeveral_reachesThoseWithRoom() {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      session.must("RCPT TO:<alice@lab.example>");
      assertTrue(session.say("RCPT TO:<bob@lab.example>").matches(REFUSAL));
      session.must("RCPT TO:<nolimit@lab.example>");
      session.must("DATA");
      session.must("Subject: several\r\n\r\ntext\r\n.");
    }
    awaitLog("to=<nolimit@lab.example>.*status=sent");
    awaitLog("to=<alice@lab.example>.*status=sent");
    assertEquals(1, mailsOf("alice", "several"));
    assertEquals(1, mailsOf("nolimit", "several"));
    Guest.must("rm -r /home/nolimit/Maildir");
  }

  private static Guest.Result swaks(String recipient, String subject) {
    return Guest.run(
        "swaks",
        "--server",
        "127.0.0.1",
        "--from",
        "alice@lab.example",
        "--to",
        recipient,
        "--header",
        "Subject: " + subject);
  }

  private static long mailsOf(String user, String subject) {
    String files =
        Guest.sh("grep -lx 'Subject: " + subject + "' /home/" + user + "/Maildir/new/*").out();
    return files.lines().count();
  }

  private void awaitLog(String pattern) {
    Guest.await(
        pattern + " in Postfix's log",
        DELIVERY,
        () -> newLog().lines().anyMatch(line -> line.matches(".*" + pattern + ".*")));
  }

  private String newLog() {
    return Guest.read(LOG).substring(logged);
  }
}
