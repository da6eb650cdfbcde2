// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who a recipient is, by a real Postfix: aliases, virtual domains, delimiters, SMTPUTF8, quoted
 * local parts, and the states in which there is no single recipient. alice has room; bob, overhard
 * and overlimit are full; exactfit has 8 KiB left.
 */
class Recipients {
  private static final Path CONFIG = Path.of("/etc/quotapolicy/quotapolicy.conf");
  private static final Path ALIASES = Path.of("/etc/aliases");
  private static final Duration SOON = Duration.ofSeconds(15);

  private static final String CONFIGURATION =
      """
      domain = postfix
      aliases = /etc/aliases
      virtual-aliases = /etc/postfix/virtual
      recipient-delimiter = +-
      exempt = overlimit@lab.example
      over-quota = DEFER_IF_PERMIT 4.2.2 No room for %r
      on-error = DEFER_IF_PERMIT 4.3.0 Could not tell
      """;

  private static final String ALIAS_TEXT =
      """
      # The lab's
      postmaster: bob
      abuse: bob
      full: bob
      both: bob,
        overhard
      chain: full-x, Both@lab.example
      listed: :include:/etc/mail.list
      "the team": bob
      some: bob, alice
      far: bob, someone@far.example
      prog: bob, "|/bin/cat, -"
      file: bob, /dev/null
      stranger: bob, no-such-user
      tovirtual: some@virtual.example
      list: bob
      owner-list: alice
      """;

  private static final String VIRTUAL_TEXT =
      """
      virtual.example anything
      full@virtual.example bob
      some@virtual.example bob, alice
      team@virtual.example full@virtual.example, both
      away@virtual.example someone@far.example
      @virtual.example overhard
      """;

  private static Daemon daemon;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(CONFIG.getParent());
    Files.writeString(CONFIG, CONFIGURATION);
    Files.writeString(ALIASES, ALIAS_TEXT);
    Files.writeString(Path.of("/etc/postfix/virtual"), VIRTUAL_TEXT);
    Files.writeString(Path.of("/etc/mail.list"), "# members\nbob\noverhard, overlimit\n");
    Guest.must("/lab/repo/src/test/lab/start-postfix");
    Guest.must(
        "postconf -e 'recipient_delimiter = +-' 'alias_maps = hash:/etc/aliases'"
            + " 'virtual_alias_domains = virtual.example'"
            + " 'virtual_alias_maps = hash:/etc/postfix/virtual'"
            + " 'local_recipient_maps = proxy:unix:passwd.byname hash:/etc/aliases'"
            + " 'mydestination = $myhostname, localhost'"
            + " 'transport_maps = inline:{exactfit@lab.example=discard:}'"
            + " 'smtpd_end_of_data_restrictions ="
            + " check_policy_service unix:quotapolicy/quotapolicy.socket'"
            + " && postalias /etc/aliases && postmap /etc/postfix/virtual && postfix reload");
    daemon = Daemon.direct();
  }

  @AfterAll
  static void stop() throws IOException {
    Guest.must("cp /var/log/postfix.log /lab/results/postfix-recipients.log; postfix stop");
    daemon.close();
    Files.delete(CONFIG);
  }

  @BeforeEach
  void useUsualConfiguration() throws IOException {
    if (!Guest.read(CONFIG).equals(CONFIGURATION)) {
      reload(CONFIGURATION, "configuration reloaded");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@lab.example",
        "bob",
        "bob@localhost",
        "Bob+x@LAB.example",
        "bob-x@lab.example",
        "bob-x+y@lab.example",
        "\"bob\"@lab.example",
        "\"bob+a b\"@lab.example",
        "full@lab.example",
        "FULL-x@lab.example",
        "both@lab.example",
        "chain@lab.example",
        "list@lab.example",
        "listed@lab.example",
        "\"the team\"@lab.example",
        "full@virtual.example",
        "Full+x@Virtual.Example",
        "team@virtual.example",
        "any@virtual.example",
        "overhard@lab.example",
      })
  void recipient_whereEverybodyIsFull_isRefused(String recipient) {
    String reply = ask(recipient);
    assertTrue(reply.startsWith("450 4.2.2 "), reply);
    assertTrue(reply.contains(": Recipient address rejected: No room for "), reply);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice@lab.example",
        "alice-bob@lab.example",
        "some@lab.example",
        "far@lab.example",
        "prog@lab.example",
        "file@lab.example",
        "stranger@lab.example",
        "tovirtual@lab.example",
        "owner-list@lab.example",
        "some@virtual.example",
        "away@virtual.example",
        "overlimit@lab.example",
        "overlimit-x@lab.example",
        "postmaster@lab.example",
        "Postmaster",
        "abuse+x@lab.example",
      })
  void recipient_thatSomebodyCanTakeOrIsExempt_isAccepted(String recipient) {
    String reply = ask(recipient);
    assertTrue(reply.startsWith("250 2.1.5 "), reply);
  }

  /** The extension belongs to the name: there is no user of this name to be full. */
  @Test
  void request_thatEndsInRequest_isPostfixsToRefuse() {
    String reply = ask("bob-request@lab.example");
    assertTrue(reply.startsWith("550 5.1.1 "), reply);
  }

  @Test
  void smtputf8_recipientIsCleanedInTheReply() {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example> SMTPUTF8");
      String reply = session.say("RCPT TO:<bob+\u00fc@lab.example>");
      assertTrue(
          reply.matches("450 4\\.2\\.2 <bob\\+.+@lab.example>: .*: No room for bob\\+\\?\\?@.*"),
          reply);
      session.must("RCPT TO:<alice+\u00fc@lab.example>");
    }
  }

  @Test
  void endOfMessage_withOneRecipient_isDecidedByTheTrueSize() {
    assertTrue(send(12, "exactfit@lab.example").startsWith("450 4.2.2 "));
    assertTrue(send(1, "exactfit@lab.example").startsWith("250 2.0.0 "));
  }

  /** Postfix names no recipient then, so nobody can be asked for. */
  @Test
  void endOfMessage_withThreeRecipients_isLeftToDelivery() {
    String reply = send(12, "exactfit@lab.example", "exactfit-1@lab.example", "exactfit+2");
    assertTrue(reply.startsWith("250 2.0.0 "), reply);
  }

  @Test
  void aliases_thatChange_areNoticed() throws IOException {
    assertTrue(ask("full@lab.example").startsWith("450 "));
    Files.writeString(ALIASES, ALIAS_TEXT.replace("full: bob", "full: alice"));
    Guest.await("alias in force", SOON, () -> ask("full@lab.example").startsWith("250 "));
    Files.delete(ALIASES);
    Guest.await("line in the log", SOON, () -> daemon.log().contains("what it said last stays"));
    assertTrue(ask("full@lab.example").startsWith("250 "));
    Files.writeString(ALIASES, ALIAS_TEXT);
    Guest.await("alias in force", SOON, () -> ask("full@lab.example").startsWith("450 "));
  }

  @Test
  void hangup_bringsOtherAnswers() throws IOException {
    reload(CONFIGURATION.replaceAll("over-quota = .*", "over-quota = permanent"), "reloaded");
    String reply = ask("bob@lab.example");
    assertTrue(reply.startsWith("552 5.2.2 ") && reply.endsWith("Mailbox is full"), reply);
  }

  @Test
  void hangup_withBadFile_changesNothing() throws IOException {
    reload(CONFIGURATION + "over-quota = OK\ncolour = blue\n", "configuration not reloaded");
    assertTrue(daemon.log().contains("error: " + CONFIG + ":9: there is no setting \"colour\""));
    assertTrue(ask("bob@lab.example").contains("No room for bob@lab.example"));
  }

  @Test
  void dryRun_refusesNothingAndLogs() throws IOException {
    reload(CONFIGURATION + "dry-run = yes\n", "configuration reloaded");
    assertTrue(ask("full@lab.example").startsWith("250 "));
    Guest.await(
        "line in the log",
        SOON,
        () ->
            daemon
                .log()
                .lines()
                .anyMatch(
                    line ->
                        line.matches(
                            ".*over quota: state=RCPT recipient=<full@lab.example> size=0"
                                + " instance=[0-9a-f.]+ queue_id= user=bob .*"
                                + " action=DEFER_IF_PERMIT dry_run=yes")));
  }

  @Test
  void checkConfig_needsNoRoot() {
    Guest.Result shown = Guest.runAs("alice", "quotapolicy", "daemon", "--check-config");
    assertEquals(0, shown.status(), shown::text);
    assertTrue(shown.out().contains("# " + CONFIG + ":1\ndomain = postfix\n"), shown::text);
    assertEquals(
        2, Guest.runAs("alice", "quotapolicy", "daemon", "--check-config", "-d@").status());
  }

  private static String ask(String recipient) {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      return session.say("RCPT TO:<" + recipient + ">");
    }
  }

  private static String send(int kibibytes, String... recipients) {
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      for (String recipient : recipients) {
        session.must("RCPT TO:<" + recipient + ">");
      }
      session.must("DATA");
      String line = "x".repeat(62) + "\r\n";
      return session.say("Subject: size\r\n\r\n" + line.repeat(16 * kibibytes) + ".");
    }
  }

  private static void reload(String configuration, String said) throws IOException {
    int before = daemon.log().length();
    Files.writeString(CONFIG, configuration, StandardCharsets.UTF_8);
    Guest.must("kill -HUP " + daemon.pid());
    Guest.await(
        "\"" + said + "\" in the log", SOON, () -> daemon.log().substring(before).contains(said));
  }
}
