// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.MailboxTemplate;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Storage;

class DaemonOptionsTest {
  @Test
  void nothingGiven_isDocumentedDefaults() throws Exception {
    ActionTemplate full =
        ActionTemplate.parse("DEFER_IF_PERMIT 4.2.2 Mailbox is full, please try again later");
    DaemonConfig expected =
        new DaemonConfig(
            Path.of("/var/spool/postfix/quotapolicy/quotapolicy.socket"),
            Path.of("/var/spool/postfix/quotapolicy/quotapolicy.pid"),
            new RecipientConfig(
                new RecipientDelimiter("+"),
                List.of(),
                List.of(),
                List.of(),
                List.of("postmaster", "abuse"),
                List.of()),
            new Answers(full, full, full, ActionTemplate.DUNNO, false, false),
            new Storage(List.of(new MailboxTemplate("%h/")), Optional.empty()),
            0,
            "quotapolicy",
            0666,
            Optional.empty(),
            new TcpConfig(List.of(), List.of()),
            Optional.of(Path.of("/var/spool/postfix/quotapolicy/control.socket")),
            Optional.empty(),
            Duration.ofSeconds(5),
            new NfsConfig(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                OptionalInt.empty(),
                Optional.empty()),
            HelperStart.AUTO,
            Path.of("/usr/bin/sudo"),
            4096);
    assertEquals(expected, config());
  }

  @Test
  void relativeNames_areRelativeToHomedir() throws Exception {
    DaemonConfig config = config("homedir=/run/q", "socketfile=s", "pidfile=/elsewhere/p");
    assertEquals(Path.of("/run/q/s"), config.socket());
    assertEquals(Path.of("/elsewhere/p"), config.pidFile());
  }

  @Test
  void lists_takeCommasSpacesAndRepetition() throws Exception {
    RecipientConfig recipients =
        config(
                "domain=postfix, B\u00fccher.example",
                "domain=/etc/domains !x.example",
                "aliases=/etc/aliases",
                "aliases=/etc/more",
                "virtual-aliases=/etc/virtual",
                "never-refuse=",
                "exempt=alice,%staff",
                "exempt=bob@here.example @free.example")
            .recipients();
    assertEquals(
        List.of("postfix", "B\u00c3\u00bccher.example", "/etc/domains", "!x.example"),
        recipients.domains());
    assertEquals(List.of(Path.of("/etc/aliases"), Path.of("/etc/more")), recipients.aliases());
    assertEquals(List.of(Path.of("/etc/virtual")), recipients.virtualAliases());
    assertEquals(List.of("alice", "bob@here.example", "@free.example"), recipients.exempt());
    assertEquals(List.of("staff"), recipients.exemptGroups());
  }

  @Test
  void inodeAction_isTheOtherUnlessGiven() throws Exception {
    assertEquals(
        "552 5.2.2 Mailbox is full",
        config("over-quota=permanent").answers().overInodeQuota().toString());
    assertEquals(
        "452 4.2.2 Too many files",
        config("over-quota=permanent", "over-inode-quota=452 4.2.2 Too many files")
            .answers()
            .overInodeQuota()
            .toString());
  }

  @Test
  void tooLargeAction_isTheOtherUnlessGiven() throws Exception {
    assertEquals(
        "552 5.2.2 Mailbox is full",
        config("over-quota=permanent").answers().tooLarge().toString());
    assertEquals(
        "552 5.3.4 Too large",
        config("too-large=552 5.3.4 Too large").answers().tooLarge().toString());
  }

  @Test
  void severalProblems_areReportedTogether() {
    InvalidConfigException e =
        assertThrows(
            InvalidConfigException.class,
            () -> config("timeout=0", "over-quota=OK", "helper=setuid", "domain=a@b"));
    assertEquals(
        List.of("--domain", "--over-quota", "--timeout", "--helper"),
        e.problems().stream().map(p -> p.substring(0, p.indexOf(' '))).toList());
  }

  @Test
  void tcp_onLoopback_needsNoPeers() throws Exception {
    TcpConfig tcp = config("listen=inet:127.0.0.1:10040, inet:[::1]:10040").tcp();
    assertEquals(2, tcp.listen().size());
    assertTrue(tcp.admits(Addresses.parse("127.0.0.1").orElseThrow()));
  }

  @Test
  void tcp_elsewhere_needsPeers() throws Exception {
    assertEquals(
        List.of(
            "--listen \"inet:0.0.0.0:10040\": is not loopback: others could connect; say which may"
                + " by --allow-peer"),
        problems("listen=inet:0.0.0.0:10040"));
    TcpConfig tcp = config("listen=inet:0.0.0.0:10040", "allow-peer=192.0.2.0/24 ::1").tcp();
    assertTrue(tcp.admits(Addresses.parse("192.0.2.1").orElseThrow()));
    assertTrue(tcp.admits(Addresses.parse("::1").orElseThrow()));
    assertFalse(tcp.admits(Addresses.parse("127.0.0.1").orElseThrow()));
  }

  @Test
  void tcp_thatIsWrong_isReported() {
    assertEquals(
        List.of(
            "--listen \"127.0.0.1\": must be inet:127.0.0.1:PORT, inet:[::1]:PORT or alike",
            "--allow-peer \"10.0.0.1/8\": must be ADDRESS, or NETWORK/BITS with no bit behind"),
        problems("listen=127.0.0.1", "allow-peer=10.0.0.1/8"));
    assertEquals(
        List.of("--allow-peer \"::1\": says who may connect to --listen, which is not set"),
        problems("allow-peer=::1"));
  }

  private static List<String> problems(String... settings) {
    return assertThrows(InvalidConfigException.class, () -> config(settings)).problems();
  }

  @Test
  void socketAndPidFile_thatAreOne_conflict() {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> config("pidfile=./quotapolicy.socket"));
    assertEquals(
        List.of("--pidfile \"./quotapolicy.socket\": is the same file as the socket"),
        e.problems());
  }

  @ParameterizedTest
  @CsvSource({
    "homedir, relative",
    "homedir, ''",
    "homedir, '/nul\0x'",
    "socketfile, ''",
    "socketfile, dir/",
    "pidfile, /",
    "recipient-delimiter, @",
    "recipient-delimiter, '+ '",
    "user, ''",
    "user, a:b",
    "socket-mode, 999",
    "socket-mode, 1777",
    "socket-mode, 66",
    "socket-group, ''",
    "over-quota, ''",
    "over-quota, 450 full: %u",
    "over-inode-quota, ''",
    "too-large, OK",
    "on-error, PERMIT",
    "on-error, DISCARD",
    "dry-run, true",
    "debug, ''",
    "timeout, -1",
    "timeout, 91",
    "timeout, 5s",
    "timeout, 99999999999999999999",
    "sudopath, sudo",
    "max-connections, 0",
    "nfs-timeout, 0",
    "nfs-timeout, 5",
    "nfs-timeout, 1.5",
    "nfs-cache, 61",
    "nfs-cache, -1",
    "nfs-auth, ''",
    "nfs-auth, nobody",
    "nfs-auth, 0",
    "nfs-auth, 0:4294967295",
    "nfs-auth, 99999999999:0",
    "rquota-port, 0",
    "rquota-port, 65536",
    "rquota-port, ''",
    "reserve, -1",
    "reserve, 1k",
    "reserve, 1000000000",
    "mailbox, ''",
    "mailbox, Maildir/",
    "mailbox, ~/Maildir/",
    "mailbox, %u/mail",
    "mailbox, /var/mail/%n",
    "mailbox, /var/mail/%",
    "mailbox, '/var/\0/%u'",
    "mailbox, ALL",
    "charge, ''",
    "charge, a/b",
    "domain, ''",
    "domain, hash:/etc/x",
    "domain, a b@c",
    "aliases, etc/aliases",
    "aliases, ''",
    "aliases, hash:/etc/aliases",
    "virtual-aliases, virtual",
    "never-refuse, a:b",
    "exempt, %",
    "exempt, a/b",
    "exempt, alice@",
  })
  void wrongValue_isNamedWithItsOption(String key, String value) {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> config(key + "=" + value));
    String problem = e.problems().get(0);
    assertTrue(problem.startsWith("--" + key + " \"" + value + "\": "), problem);
  }

  @ParameterizedTest
  @EnumSource
  void defaultValue_isValid(Setting setting) throws Exception {
    if (!setting.defaultValue().isEmpty()) {
      assertEquals(config(), config(setting.key() + "=" + setting.defaultValue()));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 500", "2, 1000", "3, 1500", "5, 2000", "90, 2000"})
  void nfsTimeout_notGiven_isAtMostHalfOfTheTimeout(String timeout, long millis) throws Exception {
    assertEquals(Duration.ofMillis(millis), config("timeout=" + timeout).nfs().timeout());
  }

  @Test
  void nfs_given_isTaken() throws Exception {
    assertEquals(
        new NfsConfig(
            Duration.ofSeconds(4),
            Duration.ZERO,
            OptionalInt.of(875),
            Optional.of(new NfsConfig.Identity(4_294_967_294L, 12))),
        config("nfs-timeout=4", "nfs-cache=0", "rquota-port=875", "nfs-auth=4294967294:12").nfs());
    assertEquals(
        Optional.of(new NfsConfig.Identity(0, 0)), config("nfs-auth=root").nfs().identity());
  }

  @Test
  void mailboxes_areTakenInTheirOrder() throws Exception {
    Storage storage =
        config("mailbox=%h/M\u00fcll/", "mailbox=/var/mail/%u", "charge=vmail").storage();
    assertEquals(Optional.of("vmail"), storage.charge());
    List<MailboxTemplate> expected =
        List.of(new MailboxTemplate("%h/M\u00c3\u00bcll/"), new MailboxTemplate("/var/mail/%u"));
    assertEquals(expected, storage.mailboxes());
  }

  @Test
  void mailboxAll_isEverywhereAndAlone() throws Exception {
    assertTrue(config("mailbox=all").storage().isEverywhere());
    for (String[] mixed : new String[][] {{"all", "%h/"}, {"%h/", "all"}, {"all", "all"}}) {
      InvalidConfigException e =
          assertThrows(
              InvalidConfigException.class,
              () -> config("mailbox=" + mixed[0], "mailbox=" + mixed[1]));
      assertTrue(e.problems().toString().contains("must be the only"), e.toString());
    }
  }

  @Test
  void mailboxes_areBounded() throws Exception {
    String[] most = new String[DaemonOptions.MAX_MAILBOXES];
    Arrays.fill(most, "mailbox=%h/");
    assertEquals(most.length, config(most).storage().mailboxes().size());
    String[] more = Arrays.copyOf(most, most.length + 1);
    more[most.length] = "mailbox=/x";
    InvalidConfigException e = assertThrows(InvalidConfigException.class, () -> config(more));
    assertEquals(List.of("--mailbox \"/x\": is one of more than 16"), e.problems());
  }

  private static DaemonConfig config(String... given) throws InvalidConfigException {
    List<Given> commandLine =
        Arrays.stream(given)
            .map(text -> text.split("=", 2))
            .map(pair -> Given.onCommandLine(Setting.ofKey(pair[0]).orElseThrow(), pair[1]))
            .toList();
    return DaemonOptions.toConfig(new Settings(ConfigFile.NONE, commandLine));
  }
}
