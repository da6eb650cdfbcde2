// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Setting;
import org.quotapolicy.config.Settings;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.NfsMailboxes;
import org.quotapolicy.server.RecipientCheck;
import org.quotapolicy.server.Rules;
import org.quotapolicy.server.Statistics;

/** What is read at the start, and what SIGHUP changes. */
class ReloadTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Log log = Log.to(out);
  private final Programs programs = new Programs();
  private final RulesReader reader = new RulesReader(log, programs);
  private Path file;
  private Path aliases;

  @BeforeEach
  void nameFiles() {
    file = directory.resolve("q.conf");
    aliases = directory.resolve("aliases");
  }

  private DaemonSource source() {
    return DaemonSource.of(List.of(Given.onCommandLine(Setting.DEBUG, "yes")), file);
  }

  private Rules first() throws IOException, InvalidConfigException {
    return reader.first(DaemonOptions.toConfig(source().read()));
  }

  private String logged() {
    log.flush();
    String logged = out.toString(StandardCharsets.US_ASCII);
    out.reset();
    return logged.replace(directory.toString(), "DIR");
  }

  /** A daemon was started with one text; then it is another and the signal comes. */
  private RecipientCheck reloaded(String before, String after) throws Exception {
    Files.writeString(file, before);
    Settings started = source().read();
    RecipientCheck check =
        new RecipientCheck(
            (user, scope, deadline, sink) -> {},
            (user, mailboxes, need, now) -> {
              throw new IllegalStateException();
            },
            new NfsMailboxes((export, uid, gid, deadline, sink) -> {}),
            first(),
            Duration.ZERO,
            new Statistics(),
            log);
    logged();
    Files.writeString(file, after, StandardCharsets.ISO_8859_1);
    new Reload(source(), started, reader, new Statistics(), log, ServiceNotices.NONE).once(check);
    return check;
  }

  @Test
  void group_withAMemberTwice_isRead() {
    assertEquals(Set.of("alice", "bob"), RulesReader.members("alice,bob,alice"));
  }

  @Test
  void changes_areInForce() throws Exception {
    Files.writeString(aliases, "a: b");
    RecipientCheck check =
        reloaded(
            "domain = a.example\n",
            "domain = b.example\nover-quota = permanent\naliases = " + aliases + "\nuser = x\n");
    assertEquals(Set.of("b.example"), check.rules().domains().names());
    assertEquals("552 5.2.2 Mailbox is full", check.rules().answers().overQuota().toString());
    assertTrue(check.rules().answers().debug());
    assertEquals(1, check.rules().aliases().current().orElseThrow().local().size());
    assertEquals(
        """
        quotapolicy: DIR/aliases: read, 1 aliases
        quotapolicy: configuration reloaded
        quotapolicy: warning: changed, and in force only after a restart: user
        """,
        logged());
  }

  @Test
  void lists_areThoseThatWereRead() throws Exception {
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    Files.writeString(first, "a.example " + second);
    Files.writeString(second, "b.example");
    reloaded("domain = c.example\n", "domain = " + first + "\n");
    assertEquals(Set.of(first, second), reader.lists());
  }

  @Test
  void sameAliasFiles_stayWatched() throws Exception {
    Files.writeString(aliases, "a: b");
    String text = "domain = a.example\naliases = " + aliases + "\n";
    RecipientCheck check = reloaded(text, text + "dry-run = yes\n");
    assertTrue(check.rules().answers().dryRun());
    assertTrue(check.rules().aliases().areThose(List.of(aliases), List.of()));
    assertEquals("quotapolicy: configuration reloaded\n", logged());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "domain = x.example\nover-quota = OK\n",
        "no such line\n",
        "domain = /nowhere/domains\n",
        "domain = /nul\u0000\n",
        "domain = x.example\naliases = /nowhere/aliases\n",
        "domain = x.example\nexempt = %no-such-group-here\n",
        "\u0000\u00ff",
      })
  void badFile_leavesAllInForceAndSaysSo(String after) throws Exception {
    RecipientCheck check = reloaded("domain = a.example\ndry-run = yes\n", after);
    assertEquals(Set.of("a.example"), check.rules().domains().names());
    assertTrue(check.rules().answers().dryRun());
    String logged = logged();
    assertTrue(logged.contains("error: configuration not reloaded"), logged);
  }

  @Test
  void programsOver_whatTheySaidStaysAndIsTold() throws Exception {
    String text = "domain = a.example\nexempt = %root\n";
    RecipientCheck check = reloaded(text, text + "dry-run = yes\n");
    programs.end();
    new Reload(source(), source().read(), reader, new Statistics(), log, ServiceNotices.NONE)
        .once(check);
    assertTrue(check.rules().exemptions().coversGroup(0));
    assertEquals(
        """
        quotapolicy: configuration reloaded
        quotapolicy: postconf and getent are not asked again: what they said at the start stays in force until a restart
        quotapolicy: configuration reloaded
        """,
        logged());
  }

  @Test
  void programsOver_newGroup_leavesAllInForce() throws Exception {
    RecipientCheck check = reloaded("domain = a.example\n", "domain = a.example\n");
    programs.end();
    Files.writeString(file, "domain = b.example\nexempt = %root\n");
    new Reload(source(), source().read(), reader, new Statistics(), log, ServiceNotices.NONE)
        .once(check);
    assertEquals(Set.of("a.example"), check.rules().domains().names());
    assertTrue(logged().contains("error: configuration not reloaded"));
  }

  /** As where there is no Postfix: the default of local(8) counts, whatever mail is stored in. */
  @ParameterizedTest
  @CsvSource({"%h/mbox, true", "%h/Maildir/, false"})
  void postfixThatSaysNothing_isTakenToMakeLockFiles(String mailbox, boolean isTold)
      throws Exception {
    programs.end();
    Files.writeString(file, "domain = a.example\nmailbox = " + mailbox + "\n");
    assertTrue(first().storage().isLocked());
    String logged = logged();
    assertEquals(isTold, logged.contains(": Postfix is taken to make lock files"), logged);
  }

  @Test
  void fileThatIsGone_leavesAllInForce() throws Exception {
    RecipientCheck check = reloaded("domain = a.example\n", "");
    Rules before = check.rules();
    Files.delete(file);
    new Reload(source(), source().read(), reader, new Statistics(), log, ServiceNotices.NONE)
        .once(check);
    assertSame(before, check.rules());
    assertTrue(logged().contains("error: DIR/q.conf: there is no such file\n"));
  }

  @Test
  void domains_comeFromFilesToo() throws Exception {
    Path domains = Files.writeString(directory.resolve("domains"), "# mine\nb.example\n!c.example");
    Files.writeString(file, "domain = a.example " + domains + " c.example\n");
    Rules rules = first();
    assertEquals(Set.of("a.example", "b.example"), rules.domains().names());
    assertEquals("", logged());
  }

  @Test
  void listOfDomainsThatNamesItself_isReadOnce() throws Exception {
    Path domains = directory.resolve("domains");
    Files.writeString(domains, "b.example " + domains + " hash:/x");
    Files.writeString(file, "domain = " + domains + "\n");
    assertEquals(Set.of("b.example"), first().domains().names());
    assertTrue(logged().contains("warning: list of domains: hash:/x is not looked into"));
  }

  @Test
  void noDomain_isWarnedOfOnce() throws Exception {
    Files.writeString(file, "");
    assertTrue(first().domains().all());
    String logged = logged();
    assertEquals(1, logged.lines().count(), logged);
    assertTrue(logged.contains("warning: no --domain is set"), logged);
  }

  @Test
  void exemptGroup_isItsIdAndMembers() throws Exception {
    Files.writeString(file, "domain = a.example\nexempt = %root root\n");
    assertEquals(Set.of(0L), first().exemptions().groups());
    assertTrue(first().exemptions().names().contains("root"));
  }

  @Test
  void aliasFileThatCannotBeRead_doesNotPreventTheStart() throws Exception {
    Files.writeString(file, "domain = a.example\naliases = " + aliases + "\n");
    assertTrue(first().aliases().current().isEmpty());
    assertTrue(logged().contains("error: DIR/aliases cannot be read: there is no such file"));
  }

  @Test
  void command_failsWithReason() {
    IOException status =
        assertThrows(
            IOException.class,
            () -> new Command(List.of("/bin/false"), Duration.ofSeconds(9)).output());
    assertEquals("\"/bin/false\" failed with status 1", status.getMessage());
    IOException slow =
        assertThrows(
            IOException.class,
            () -> new Command(List.of("/bin/sleep", "60"), Duration.ofMillis(50)).output());
    assertTrue(String.valueOf(slow.getMessage()).contains("did not end"));
    assertThrows(
        IOException.class,
        () -> new Command(List.of("/nowhere/x"), Duration.ofSeconds(9)).output());
  }
}
