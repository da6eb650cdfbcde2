// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/**
 * Users whose mail is on NFS servers, a real nfsd and a real rpc.rquotad: one of ext4 with fsid=0,
 * one of XFS that is mounted by IPv6 and has the kernel's own pseudo root.
 */
class NfsQuotas {
  private static final List<String> USERS =
      List.of("room", "full", "grace", "expired", "free", "group");

  /** Clocks of server and quota(1) are read at other moments than ours. */
  private static final long SECONDS = 3;

  private static NfsServer ext4;
  private static NfsServer xfs;
  private static Daemon daemon;

  @BeforeAll
  @Timeout(240)
  static void start() {
    ext4 =
        NfsServer.start(
            "nfs1",
            1,
            "/dev/ubde",
            "ext4",
            "/srv/nfs *(rw,fsid=0,no_root_squash,no_subtree_check)");
    ext4.mount("vers=3,nolock", ext4.address() + ":/srv/nfs", "/net/v3");
    ext4.mount("vers=4.2", ext4.address() + ":/", "/net/v4");
    ext4.mount("vers=4.2", ext4.address() + ":/nfull", "/net/deep4/nfull");
    ext4.mount("vers=4.2", ext4.address() + ":/nroom", "/net/deep4/nroom");
    ext4.mount("vers=3,nolock", ext4.address() + ":/srv/nfs/nfull", "/net/deep3/nfull");
    ext4.bind("/net/v4/nfull", "/net/bind/nfull");
    xfs =
        NfsServer.start(
            "nfs2", 2, "/dev/ubdf", "xfs", "/srv/nfs *(rw,no_root_squash,no_subtree_check)");
    xfs.mount("vers=4.2", xfs.address6() + ":/srv/nfs", "/net/v6");
    xfs.mount("vers=4.2", xfs.address6() + ":/srv/nfs/nfull", "/net/deep6/nfull");
    for (String place : List.of("v3", "v4", "v6")) {
      USERS.forEach(
          user -> NfsServer.addName(place + user, "n" + user, "/net/" + place + "/n" + user));
    }
    for (String place : List.of("deep3", "deep4", "deep6", "bind")) {
      NfsServer.addName(place + "full", "nfull", "/net/" + place + "/nfull");
    }
    NfsServer.addName("deep4room", "nroom", "/net/deep4/nroom");
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL, "--debug");
  }

  @AfterAll
  static void stop() {
    daemon.close();
    ext4.close();
    xfs.close();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          v3room, ACCEPT
          v3full, REFUSE
          v3grace, ACCEPT
          v3expired, REFUSE
          v3free, ACCEPT
          v3group, REFUSE
          v4room, ACCEPT
          v4full, REFUSE
          v4grace, ACCEPT
          v4expired, REFUSE
          v4free, ACCEPT
          v4group, REFUSE
          v6room, ACCEPT
          v6full, REFUSE
          v6grace, ACCEPT
          v6expired, REFUSE
          v6free, ACCEPT
          v6group, REFUSE
          deep4room, ACCEPT
          deep4full, REFUSE
          deep3full, REFUSE
          deep6full, REFUSE
          bindfull, REFUSE
          """)
  void daemon_userOnNfs_saysWhatTheServerWouldDo(String user, Verdict verdict) {
    assertEquals(verdict, Policy.askOnce(user, 0).verdict(), daemon::log);
  }

  /**
   * As automount(8) leaves it: two mounts at one place, of which the upper one counts. Only the
   * process group that the lower one belongs to may put it there.
   */
  @ParameterizedTest
  @CsvSource({"direct, /net/auto, full, REFUSE", "indirect, /net/auto/home, room, ACCEPT"})
  void daemon_userOnNfsOverAutofs_saysWhatTheServerWouldDo(
      String type, String place, String user, Verdict verdict) {
    Guest.must("mkdir -p /net/auto && mkfifo /run/nfs-auto.pipe && insmod " + PathsOfMail.MODULE);
    try {
      Guest.must(
          "exec setsid --wait sh -ec 'exec 7<>/run/nfs-auto.pipe; mount -t autofs"
              + (" -o fd=7,pgrp=$$,minproto=5,maxproto=5," + type + " none /net/auto;")
              + (" mkdir -p " + place + "; mount -t nfs -o vers=4.2 ")
              + (ext4.address() + ":/n" + user + " " + place + "'"));
      String name = "auto" + user;
      NfsServer.addName(name, "n" + user, place);
      assertEquals(verdict, Policy.askOnce(name, 0).verdict(), daemon::log);
    } finally {
      Guest.must("umount " + place + "; umount /net/auto; rm /run/nfs-auto.pipe; rmmod autofs4");
    }
  }

  /** The quota of 10 MiB decides, not the 8 MiB that he may pass for a while. */
  @Test
  void daemon_declaredSize_decides() {
    assertEquals(Verdict.ACCEPT, Policy.askOnce("v4room", 9 << 20).verdict());
    assertEquals(Verdict.REFUSE, Policy.askOnce("v4room", 11 << 20).verdict());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"v3grace", "v3full", "v4room", "v4expired", "v4group", "v4free", "v6full"})
  void check_userOnNfs_showsWhatQuotaShows(String user) {
    JsonObject check = Check.json(user);
    JsonObject filesystem = Check.mailboxFilesystem(check);

    assertTrue(filesystem.getString("type").startsWith("nfs"), check::toString);
    assertTrue(filesystem.getString("source").matches("\\S+:/\\S*"), check::toString);
    for (String type : List.of("user", "group")) {
      assertEquals("enforced", Check.quota(filesystem, type).getString("state"), check::toString);
      String id = type.equals("user") ? user : "n" + user.substring(2);
      assertNumbers(Check.quota(filesystem, type), quota(type, id, filesystem.getString("source")));
    }
  }

  /** The server makes the lock file beside an mbox as the user, too. */
  @ParameterizedTest
  @CsvSource({"v4, 3, 1", "v4, 4, 0", "v6, 3, 1", "v6, 4, 0"})
  void mbox_needsTheInodeOfItsLockFile(String place, int inodes, int status) {
    String home = "/net/" + place + "/nfree";
    NfsServer server = place.equals("v4") ? ext4 : xfs;
    server.must("cd /srv/nfs && install -o nfree -g nfree -m 600 /dev/null nfree/mbox");
    server.must("setquota -u nfree 0 0 0 %d /srv/nfs".formatted(inodes));
    try {
      String user = place + "free";
      Guest.Result check = Check.run(user, "--mailbox", "%h/mbox");
      assertEquals(status, check.status(), check::text);
      Guest.Result made = Guest.runAs(user, "sh", "-c", "set -C; : >" + home + "/mbox.lock");
      assertEquals(status == 0, made.status() == 0, made::text);
      assertEquals(status != 0, made.err().contains("Disk quota exceeded"), made::text);
    } finally {
      server.must("cd /srv/nfs && setquota -u nfree 0 0 0 0 . && rm -f nfree/mbox nfree/mbox.lock");
    }
  }

  @Test
  void check_userOnNfs_namesTheServer() {
    String text = Check.run("v4full").out();

    assertTrue(text.contains("v4full: mail would be refused: user quota of id"), text);
    assertTrue(text.contains("/net/v4 (nfs4, " + ext4.address() + ":/), holds the mailbox"), text);
  }

  @Test
  void explain_userOnNfs_namesTheServer() {
    String text = Check.run("v4full", "--explain").out();

    assertTrue(
        text.contains("The server of " + ext4.address() + ":/ was asked by rquota, and says: user"),
        text);
    assertTrue(text.contains("REFUSED"), text);
  }

  /** Named, and among all: who is refused there is who the daemon refuses. */
  @ParameterizedTest
  @ValueSource(strings = {"/net/v4", "/net/v3/nroom", "/net/v6", ""})
  void report_ofNfs_listsWhoIsRefusedThere(String path) {
    JsonObject report = Check.parse(Guest.sh("/usr/bin/quotapolicy report --json " + path));
    List<JsonObject> filesystems =
        Check.objects(report.getArray("filesystems")).stream()
            .filter(filesystem -> filesystem.getString("type").startsWith("nfs"))
            .toList();

    assertEquals(path.isEmpty() ? 3 : 1, filesystems.size(), report::toString);
    assertTrue(report.getBoolean("complete"), report::toString);
    for (JsonObject filesystem : filesystems) {
      assertEquals(
          List.of(
              "user " + Guest.uid("nfull"),
              "user " + Guest.uid("nexpired"),
              "group " + Guest.gid("ngroup")),
          Check.objects(filesystem.getArray("ids")).stream()
              .filter(id -> id.getString("verdict").equals("refuse"))
              .map(id -> id.getString("type") + " " + id.getLong("id"))
              .toList(),
          filesystem::toString);
    }
  }

  /** Whoever may not become anybody else asks as the user himself. */
  @Test
  void check_byTheUserHimself_isTold() {
    Guest.Result result = Check.runAs("nfull", "v3full", "--json");

    assertEquals("refuse", Check.parse(result).getString("verdict"), result::text);
  }

  @Test
  void check_asNobodyInParticular_isNotPermitted() {
    Guest.must("printf 'nfs-auth = 65534:65534\\n' >/run/nfs-auth.conf");
    Guest.Result result = Check.run("v4full", "--config", "/run/nfs-auth.conf");

    assertEquals(4, result.status(), result::text);
    assertTrue(result.out().contains("see --nfs-auth"), result::text);
    Guest.must("printf 'nfs-auth = root\\n' >/run/nfs-auth.conf");
    assertEquals(1, Check.run("v4full", "--config", "/run/nfs-auth.conf").status());
  }

  @Test
  void postfix_refusesAndDelivers() {
    Guest.must("/lab/repo/src/test/lab/start-postfix");
    try (Smtp session = new Smtp()) {
      session.must("MAIL FROM:<alice@lab.example>");
      for (String full : List.of("v3full", "v4full", "v6full", "v4expired")) {
        String reply = session.say("RCPT TO:<" + full + "@lab.example>");
        assertTrue(reply.startsWith("450 4.2.2 "), reply);
      }
      for (String room : List.of("v3room", "v4room", "v6grace")) {
        session.must("RCPT TO:<" + room + "@lab.example>");
      }
      session.must("DATA");
      session.must("Subject: nfs\r\n\r\ntext\r\n.");
      // NFSv4 opens nothing in the first 10 s of a server.
      Guest.await(
          "three mails are delivered",
          Duration.ofSeconds(40),
          () -> Guest.sh("grep -c status=sent /var/log/postfix.log").out().strip().equals("3"));
      assertEquals(1, Guest.sh("grep status=bounced /var/log/postfix.log").status());
    } finally {
      Guest.must("cp /var/log/postfix.log /lab/results/postfix-nfs.log; postfix stop");
    }
  }

  /** Nothing that the daemon has open or does may hold up an umount, nor touch the mount. */
  @Test
  void daemon_keepsNothingOfTheMountsOpen() {
    Policy.askOnce("v4full", 0);

    Proc.descriptors(daemon.pid())
        .forEach((number, what) -> assertTrue(!what.startsWith("/net"), what));
  }

  /** What a request costs, for whoever reads the log of a run. */
  @Test
  void request_cost_withAndWithoutCache() {
    cost("--nfs-cache", "0");
    cost("--nfs-cache", "5");
    cost("--nfs-cache", "5", "local");
  }

  private static void cost(String... words) {
    boolean local = words.length > 2;
    daemon.close();
    daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL, words[0], words[1]);
    try (Policy policy = new Policy()) {
      String user = local ? "room" : "v4room";
      policy.ask(user, 0);
      int count = 100;
      long before = ext4.datagrams();
      long[] times = new long[count];
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        assertEquals(Verdict.ACCEPT, policy.ask(user, 0).verdict());
        times[i] = System.nanoTime() - start;
      }
      Arrays.sort(times);
      System.out.printf(
          "%s: %.2f datagrams, median %.2f ms, 99th of 100 %.2f ms a request%n",
          local ? "local user" : "NFS user, " + String.join(" ", words),
          (ext4.datagrams() - before) / (double) count,
          times[count / 2] / 1e6,
          times[count - 2] / 1e6);
    }
  }

  /**
   * One line of quota(1): blocks of 1 KiB used, soft and hard, moment, the same of inodes.
   *
   * @param name the user or the group
   */
  private static String[] quota(String type, String name, String source) {
    String option = type.equals("user") ? "-u" : "-g";
    String report = Guest.sh("quota " + option + " -v -w -p " + name).out();
    return report
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(source + " "))
        .map(line -> line.substring(source.length()).strip().replace("*", "").split("\\s+", -1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + source + " in " + report));
  }

  private static void assertNumbers(JsonObject quota, String[] columns) {
    JsonObject space = quota.getObject("space");
    JsonObject inodes = quota.getObject("inodes");
    List<Long> shown =
        List.of(
            space.getLong("used_bytes") / 1024,
            space.getLong("soft_limit_bytes") / 1024,
            space.getLong("hard_limit_bytes") / 1024,
            inodes.getLong("used"),
            inodes.getLong("soft_limit"),
            inodes.getLong("hard_limit"));
    List<Long> told =
        List.of(0, 1, 2, 4, 5, 6).stream().map(i -> Long.parseLong(columns[i])).toList();
    assertEquals(told, shown);
    assertMoment(columns[3], space.getString("grace_expiry"));
    assertMoment(columns[7], inodes.getString("grace_expiry"));
  }

  private static void assertMoment(String seconds, @Nullable String shown) {
    long told = Long.parseLong(seconds);
    long ours = shown == null ? 0 : Instant.parse(shown).getEpochSecond();
    assertTrue(Math.abs(told - ours) <= SECONDS, () -> told + " is not " + ours);
  }
}
