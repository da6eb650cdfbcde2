// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code quotapolicy doctor} on a host that is as it should be, and with one thing wrong. */
class Doctor {
  private static final String CONFIG = "/etc/quotapolicy/quotapolicy.conf";
  private static final String SERVICE =
      "check_policy_service { unix:quotapolicy/quotapolicy.socket, timeout=10s,"
          + " default_action=DUNNO }";

  private static Daemon daemon;

  /** Something to break, the only key that doctor may name then, and how to mend it. */
  record Fault(String key, String user, String breaking, String mending) {
    @Override
    public String toString() {
      return key + ": " + breaking;
    }
  }

  private static Fault main(String key, String... parameters) {
    return new Fault(
        key,
        "root",
        "postconf -e '" + String.join("' '", parameters) + "'",
        "cp /run/main.cf /etc/postfix/main.cf");
  }

  private static Fault recipient(String key, String restrictions) {
    return main(key, "smtpd_recipient_restrictions = " + restrictions);
  }

  private static Fault config(String key, String command) {
    return new Fault(key, "root", command, "cp -p /run/quotapolicy.conf " + CONFIG);
  }

  private static Fault root(String key, String breaking, String mending) {
    return new Fault(key, "root", breaking, mending);
  }

  static Stream<Fault> faults() {
    String passwd = "cp /run/passwd /etc/passwd";
    return Stream.of(
        recipient("policy-service", "reject_unauth_destination, permit_mynetworks"),
        recipient(
            "policy-service", "reject_unauth_destination, check_policy_service unix:private/other"),
        main(
            "policy-order",
            "smtpd_relay_before_recipient_restrictions = no",
            "smtpd_recipient_restrictions = " + SERVICE + ", reject_unauth_destination"),
        recipient(
            "policy-socket",
            "reject_unauth_destination, " + SERVICE.replace("quotapolicy/", "private/")),
        recipient(
            "policy-socket",
            "reject_unauth_destination, " + SERVICE.replace("unix:", "unix:/var/spool/postfix/")),
        main(
            "policy-list",
            "smtpd_recipient_restrictions = reject_unauth_destination",
            "smtpd_sender_restrictions = reject_unauth_destination, " + SERVICE),
        main(
            "policy-list",
            "smtpd_recipient_restrictions = reject_unauth_destination",
            "smtpd_data_restrictions = " + SERVICE),
        recipient("policy-reached", "reject_unauth_destination, permit, " + SERVICE),
        recipient(
            "policy-timeout", "reject_unauth_destination, " + SERVICE.replace("timeout=10s,", "")),
        recipient("policy-timeout", "reject_unauth_destination, " + SERVICE.replace("=10s", "=5s")),
        recipient(
            "policy-default-action",
            "reject_unauth_destination, " + SERVICE.replace(", default_action=DUNNO", "")),
        main("delimiter", "recipient_delimiter = -"),
        main("aliases", "alias_maps = hash:/etc/aliases"),
        main("virtual-aliases", "virtual_alias_maps = hash:/etc/postfix/virtual"),
        main("delivery", "home_mailbox ="),
        config("domains", "sed -i '/^domain/d' " + CONFIG),
        config("domains", "sed -i 's/^domain.*/domain = other.example/' " + CONFIG),
        config("config-file", "echo 'colour = blue' >>" + CONFIG),
        config("config-file", "chmod 666 " + CONFIG),
        new Fault(
            "config-owner",
            "quotapolicy",
            "chmod 666 " + CONFIG,
            "cp -p /run/quotapolicy.conf " + CONFIG),
        config("config-owner", "chmod 600 " + CONFIG),
        new Fault(
            "smtputf8",
            "root",
            "postconf -e smtputf8_enable=no; echo 'too-large = 552 5.2.2 Zu gro\u00df' >>" + CONFIG,
            "cp /run/main.cf /etc/postfix/main.cf; cp -p /run/quotapolicy.conf " + CONFIG),
        root("quotas", "grep ^plain: /run/passwd.all >>/etc/passwd", passwd),
        root("quotas", "grep ^unenforced: /run/passwd.all >>/etc/passwd", passwd),
        root("users", "sed -i '/^quotapolicy-helper:/d' /etc/passwd", passwd),
        root(
            "homedir",
            "chown root /var/spool/postfix/quotapolicy; chmod 755 /var/spool/postfix/quotapolicy",
            "chown quotapolicy /var/spool/postfix/quotapolicy;"
                + " chmod 750 /var/spool/postfix/quotapolicy"),
        root("socket-access", "chmod 600 " + Daemon.SOCKET, "chmod 660 " + Daemon.SOCKET),
        root("socket-access", "chmod 700 " + Daemon.HOME, "chmod 750 " + Daemon.HOME),
        root(
            "pid-file",
            "cp " + Daemon.PID_FILE + " /run/pid; echo 1 >" + Daemon.PID_FILE,
            "cat /run/pid >" + Daemon.PID_FILE),
        root(
            "daemon",
            "kill -STOP $(cat " + Daemon.PID_FILE + ")",
            "kill -CONT $(cat " + Daemon.PID_FILE + ")"),
        root(
            "two-daemons",
            "perl -e 'sleep 60' org.quotapolicy.cli.Main daemon >/dev/null 2>&1 & echo $! >/run/other-daemon",
            "kill $(cat /run/other-daemon)"),
        root(
            "control-socket",
            "cd /var/spool/postfix/quotapolicy; mv control.socket aside",
            "cd /var/spool/postfix/quotapolicy; mv aside control.socket"),
        root("postfix", "postfix stop", "postfix start"),
        new Fault(
            "helper",
            "quotapolicy",
            "mv /etc/sudoers.d/quotapolicy /run/",
            "mv /run/quotapolicy /etc/sudoers.d/"),
        root(
            "native",
            "cd /usr/lib/quotapolicy/lib/native/x86_64; mv libjunixsocket-native.so /run/",
            "cd /usr/lib/quotapolicy/lib/native/x86_64; mv /run/libjunixsocket-native.so ."),
        root(
            "class-data",
            "cd /usr/lib/quotapolicy/lib/class-data; echo OTHER=1 >release",
            "cd /usr/lib/quotapolicy/lib/class-data; rm release"),
        new Fault(
            "tree",
            "quotapolicy",
            "chmod g+w /usr/lib/quotapolicy/lib/nanojson.jar",
            "chmod g-w /usr/lib/quotapolicy/lib/nanojson.jar"));
  }

  @BeforeAll
  static void start() {
    Guest.must(
        "install -d /etc/quotapolicy; printf 'domain = postfix\\nsocket-mode = 0660\\n"
            + "socket-group = postfix\\n' >"
            + CONFIG
            + "; cp -p "
            + CONFIG
            + " /run/; cp /etc/passwd /run/passwd.all;"
            // Whom other classes left behind is none of a good host's users.
            + " awk -F: '$3 < 1000 || $3 > 59999 || $6 ~ \"^/(home|srv/xfs)/\"' /run/passwd.all"
            + " >/etc/passwd; cp /etc/passwd /run/passwd");
    daemon = Daemon.direct();
    Guest.must(
        "/lab/repo/src/test/lab/start-postfix; cp /etc/postfix/main.cf /run/with-last-list.cf;"
            + " postconf -X smtpd_end_of_data_restrictions; cp /etc/postfix/main.cf /run/main.cf");
  }

  @AfterAll
  static void stop() {
    Guest.must("postfix stop");
    daemon.close();
    Guest.must("cp /run/passwd.all /etc/passwd; rm -r /etc/quotapolicy");
  }

  private static List<JsonObject> findings(String user) {
    Guest.Result result =
        user.equals("root")
            ? Guest.run("quotapolicy", "doctor", "--json")
            : Guest.runAs(user, "quotapolicy", "doctor", "--json");
    return Check.objects(Check.parse(result).getArray("checks")).stream()
        .filter(check -> Set.of("warning", "error").contains(check.getString("level")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fault_isFound_andNothingElse(Fault fault) {
    Guest.must(fault.breaking());
    try {
      List<JsonObject> findings = findings(fault.user());
      Set<String> keys =
          findings.stream().map(found -> found.getString("key")).collect(Collectors.toSet());
      Set<String> expected = Set.of(fault.key());
      assertEquals(expected, keys, findings::toString);
      assertEquals(1, findings.size(), findings::toString);
    } finally {
      Guest.must(fault.mending());
    }
  }

  @Test
  void delayReject_thatIsOff_isFoundBesides() {
    Guest.must(
        "postconf -e smtpd_delay_reject=no smtpd_recipient_restrictions=reject_unauth_destination"
            + " 'smtpd_client_restrictions = reject_unauth_destination, "
            + SERVICE
            + "'");
    try {
      assertEquals(
          List.of("policy-list", "delay-reject"),
          findings("root").stream().map(found -> found.getString("key")).toList());
    } finally {
      Guest.must("cp /run/main.cf /etc/postfix/main.cf");
    }
  }

  @Test
  void goodHost_isGivenOneLine() {
    Guest.Result result = Guest.run("quotapolicy", "doctor");
    assertEquals("status 0\n0 errors, 0 warnings\n", result.text());
  }

  /** Asked once more when the true size is known: nothing is wrong with that. */
  @Test
  void goodHost_thatAsksAtTheEndOfTheDataToo_isGivenOneLine() {
    Guest.must("cp /run/with-last-list.cf /etc/postfix/main.cf");
    try {
      Guest.Result result = Guest.run("quotapolicy", "doctor");
      assertEquals("status 0\n0 errors, 0 warnings\n", result.text());
    } finally {
      Guest.must("cp /run/main.cf /etc/postfix/main.cf");
    }
  }

  /** Relay attempts are refused by the other list, which is evaluated first. */
  @Test
  void goodHost_thatAsksBeforePermitMynetworks_isGivenOneLine() {
    Guest.must(
        "postconf -e smtpd_relay_before_recipient_restrictions=yes"
            + " 'smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination'"
            + " 'smtpd_recipient_restrictions = "
            + SERVICE
            + ", permit_mynetworks, reject_unauth_destination'");
    try {
      Guest.Result result = Guest.run("quotapolicy", "doctor");
      assertEquals("status 0\n0 errors, 0 warnings\n", result.text());
    } finally {
      Guest.must("cp /run/main.cf /etc/postfix/main.cf");
    }
  }

  /** Homes on a server: it is asked, and one line says so if it does not tell. */
  @Test
  @Timeout(240)
  void server_thatTellsNoQuotas_isFound() {
    Guest.must("cp /etc/passwd /run/passwd.before; cp /etc/group /run/group.before");
    try (NfsServer server =
        NfsServer.start("nfsd", 4, "/dev/ubde", "ext4", "/srv/nfs *(rw,fsid=0,no_root_squash)")) {
      server.mount("vers=4.2", server.address() + ":/", "/net/doctor");
      Guest.must(
          "sed -n '/^nfree:/s,/nonexistent,/net/doctor/nfree,p' /etc/passwd >/run/nfree;"
              + " cat /run/passwd /run/nfree >/etc/passwd");
      assertEquals(List.of(), findings("root"));
      server.signal("STOP", "rpc.rquotad");
      assertServer("error", "could not tell on /net/doctor (nfs4)");
      server.signal("CONT", "rpc.rquotad");
      assertEquals(List.of(), findings("root"));
      server.signal("TERM", "rpc.rquotad");
      Guest.await(
          "rpc.rquotad has ended",
          Duration.ofSeconds(10),
          () -> !server.must("ss -lnup").contains("rpc.rquotad"));
      assertServer("warning", "the server tells no quota on /net/doctor (nfs4)");
    } finally {
      Guest.must("cp /run/passwd.before /etc/passwd; cp /run/group.before /etc/group");
    }
  }

  private static void assertServer(String level, String what) {
    List<JsonObject> findings = findings("root");
    assertEquals(1, findings.size(), findings::toString);
    JsonObject found = findings.get(0);
    assertEquals("nfs", found.getString("key"), findings::toString);
    assertEquals(level, found.getString("level"), findings::toString);
    assertTrue(found.getString("what").startsWith(what), findings::toString);
    assertTrue(found.getString("remedy").contains("rpc.rquotad"), findings::toString);
  }

  /** Whose project's quota it is takes a second question. */
  @Test
  void goodHost_withProjectQuotas_isGivenOneLine() {
    try (StoreDisk disk = StoreDisk.make(StoreDisk.Kind.XFS_PROJECT)) {
      StoreUser.addAll();
      Guest.Result result = Guest.run("quotapolicy", "doctor", "--all");
      assertTrue(
          result.out().contains("ok: quotas: enforced on " + StoreDisk.MOUNT_POINT),
          () -> disk.device() + result.text());
      assertTrue(result.out().endsWith("\n0 errors, 0 warnings\n"), result::text);
    } finally {
      Guest.must("cp /run/passwd /etc/passwd");
    }
  }

  @Test
  void goodHost_seenByTheDaemonsUser_too() {
    Guest.Result result = Guest.runAs(Daemon.USER, "quotapolicy", "doctor");
    assertEquals("status 0\n0 errors, 0 warnings\n", result.text());
  }
}
