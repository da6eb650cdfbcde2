// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.lab.Policy.Verdict;

/** {@code quotapolicy report} against repquota(8), the daemon, and hostile circumstances. */
class Report {
  private static final String MOUNT_POINT = "/srv/report";
  private static final String DEVICE = "/dev/ubde";
  private static final String EXT4 = "mkfs.ext4 -q -F -b 4096 ";
  private static final int MANY = 100_000;
  private static final List<String> TYPES = List.of("user", "group", "project");

  private static Guest.Result report(String arguments) {
    return Guest.sh("/usr/bin/quotapolicy report " + arguments);
  }

  private static JsonObject json(String arguments) {
    return Check.parse(report("--json " + arguments));
  }

  private static void make(String mkfs, String device, String options, String quotaon) {
    Guest.must(
        "mkdir -p %1$s && %2$s %3$s && mount -o %4$s %3$s %1$s && %5$s"
            .formatted(MOUNT_POINT, mkfs, device, options, quotaon));
  }

  private static void unmount() {
    Guest.must("umount " + MOUNT_POINT);
  }

  /** Ids at both ends, far from each other, and beyond 2^31. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          mkfs.ext4 -q -F -b 4096 -O quota -E quotatype=usrquota:grpquota:prjquota, -O project, 'usrquota,grpquota,prjquota', true, 3
          mkfs.xfs -q -f, '', 'uquota,gquota,pquota', true, 3
          mkfs.ext4 -q -F -b 4096, '', 'usrjquota=aquota.user,grpjquota=aquota.group,jqfmt=vfsv1', quotacheck -cugm -F vfsv1 /srv/report && quotaon -ug /srv/report, 2
          mkfs.ext4 -q -F -b 4096, '', 'usrjquota=aquota.user,grpjquota=aquota.group,jqfmt=vfsv0', quotacheck -cugm -F vfsv0 /srv/report && quotaon -ug /srv/report, 2
          """)
  void report_everyIdOfEveryType_isWhatRepquotaShows(
      String mkfs, String more, String options, String quotaon, int types) {
    make(mkfs + " " + more, DEVICE, options, quotaon);
    try (Stores stores = new Stores()) {
      for (int type = 0; type < types; type++) {
        stores.limit(DEVICE, type, 1000, new Stores.Limits(2048, 4096, 10, 20, "600", "0"));
        stores.limits(DEVICE, type, 5000, 1000, 7, 1 << 20);
        for (long id : new long[] {1, 2147483647L, 2147483648L, 3000000000L, 4294967294L}) {
          stores.limits(DEVICE, type, id, 1, 1, 1 << 20);
        }
      }
      Guest.must(
          "cd /srv/report && fallocate -l 1M f && chown 1000:1000 f && fallocate -l 64K g && chown"
              + " 3000000000:4294967294 g && sync -f .");
      JsonObject report = json("--above 0 " + MOUNT_POINT);
      JsonObject filesystem = report.getArray("filesystems").getObject(0);
      for (String type : TYPES.subList(0, types)) {
        assertEquals(repquota(type), rows(filesystem, type), type);
      }
      assertTrue(report.getBoolean("complete"), report::toString);
      assertEquals(types * 1006, filesystem.getArray("ids").size());
      // Of users and groups, 3000000000 and 4294967294: the fill of 64 KiB.
      assertEquals(1, report(MOUNT_POINT + " --size 1000000").status());
    } finally {
      unmount();
    }
  }

  /** Of each id with a limit: KiB used, soft, hard, expiry; inodes likewise. */
  private static Map<Long, List<String>> repquota(String type) {
    Map<Long, List<String>> limited = new TreeMap<>();
    String option = "-" + type.charAt(0);
    String options = option.equals("-p") ? "-P" : option;
    Guest.must("repquota " + options + " -v -n -p -O csv " + MOUNT_POINT)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.split(",", -1))
        .filter(line -> !List.of(line[4], line[5], line[8], line[9]).equals(zeros()))
        .forEach(line -> limited.put(Long.parseLong(line[0].substring(1)), numbers(line)));
    return limited;
  }

  private static List<String> zeros() {
    return List.of("0", "0", "0", "0");
  }

  private static List<String> numbers(String[] line) {
    List<String> numbers = new ArrayList<>(List.of(line).subList(3, 11));
    numbers.replaceAll(number -> number.isEmpty() ? "0" : number);
    return numbers;
  }

  private static Map<Long, List<String>> rows(JsonObject filesystem, String type) {
    return Check.objects(filesystem.getArray("ids")).stream()
        .filter(row -> row.getString("type").equals(type))
        .collect(
            Collectors.toMap(row -> row.getLong("id"), Report::numbers, (a, b) -> a, TreeMap::new));
  }

  private static List<String> numbers(JsonObject row) {
    JsonObject space = row.getObject("space");
    JsonObject inodes = row.getObject("inodes");
    return List.of(
        Long.toString(space.getLong("used_bytes") / 1024),
        Long.toString(space.getLong("soft_limit_bytes") / 1024),
        Long.toString(space.getLong("hard_limit_bytes") / 1024),
        expiry(space),
        Long.toString(inodes.getLong("used")),
        Long.toString(inodes.getLong("soft_limit")),
        Long.toString(inodes.getLong("hard_limit")),
        expiry(inodes));
  }

  private static String expiry(JsonObject numbers) {
    String moment = numbers.getString("grace_expiry");
    return moment == null ? "0" : Long.toString(Instant.parse(moment).getEpochSecond());
  }

  /** Who is listed as refused, and nobody else, is refused by the daemon. */
  @Test
  void report_refused_areThoseWhomTheDaemonRefuses() {
    JsonObject report = json("--above 0 /home /srv/xfs");
    Map<String, Boolean> refused = new TreeMap<>();
    for (JsonObject filesystem : Check.objects(report.getArray("filesystems"))) {
      for (JsonObject row : Check.objects(filesystem.getArray("ids"))) {
        refused.put(row.getString("name"), row.getString("verdict").equals("refuse"));
      }
    }
    assertTrue(refused.size() >= 18, refused::toString);
    try (Daemon daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL)) {
      assertTrue(daemon.isAlive());
      refused.forEach(
          (user, isRefused) ->
              assertEquals(
                  isRefused ? Verdict.REFUSE : Verdict.ACCEPT,
                  Policy.askOnce(user, 0).verdict(),
                  user));
    }
  }

  /** What the daemon keeps free counts for the report, too: by its file, or as it is told. */
  @Test
  void report_withReserve_isOfThoseWhomTheDaemonRefuses() {
    make(EXT4 + "-O quota", DEVICE, "usrquota", "true");
    try (Stores stores = new Stores()) {
      stores.limits(DEVICE, 0, 5000, 1, 1, 1 << 20);
      Guest.must("echo 'reserve = 2000000' >/run/report.conf");
      assertEquals(0, report(MOUNT_POINT).status());
      assertEquals(1, report("--reserve 2000000 " + MOUNT_POINT).status());
      assertEquals(1, report("--config /run/report.conf " + MOUNT_POINT).status());
      assertEquals(0, report("--config /run/report.conf --reserve 0 " + MOUNT_POINT).status());
      JsonObject report = json("--config /run/report.conf " + MOUNT_POINT);
      assertEquals(2_000_000, report.getLong("reserve"));
      assertEquals(2, report("--reserve -1 " + MOUNT_POINT).status());
    } finally {
      unmount();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1",
    "/srv/xfs /home, 1",
    "/srv/xfs/xroom, 1",
    "/srv/unenforced, 0",
    "/srv/plain, 0",
    "/, 4",
    "/srv/plain /, 4",
    "/srv/xfs /, 1",
    "--above -1, 2",
    "--above many, 2",
    "--size -1, 2",
    "'\"\"', 2",
    "--bogus, 2"
  })
  void report_endsWithTheDocumentedStatus(String arguments, int status) {
    Guest.Result result = report(arguments);
    assertEquals(status, result.status(), result::text);
  }

  @Test
  void report_byAUser_isOfHimself() {
    Guest.Result result =
        Guest.runAs("graceover", "/usr/bin/quotapolicy", "report", "/home", "--json");
    JsonObject report = Check.parse(result);
    JsonObject row = report.getArray("filesystems").getObject(0).getArray("ids").getObject(0);
    assertEquals("graceover", row.getString("name"), result::text);
    assertEquals(1, result.status(), result::text);
    assertTrue(report.getArray("problems").toString().contains("not permitted"), result::text);

    Guest.Result nothingWrong = Guest.runAs("room", "/usr/bin/quotapolicy", "report", "/home");
    assertEquals(4, nothingWrong.status(), nothingWrong::text);
    assertTrue(nothingWrong.out().contains("everybody but room"), nothingWrong::text);
  }

  /** Through the sudo rule. */
  @Test
  void report_byTheDaemonsUser_isOfAll() {
    Guest.Result all = Guest.runAs(Daemon.USER, "/usr/bin/quotapolicy", "report", "/home");
    assertEquals(1, all.status(), all::text);
    assertTrue(all.out().contains("overlimit"), all::text);
  }

  /** The oldest format has no list of its ids: quota_v1.c has no get_next_id. */
  @Test
  void report_ofQuotaFilesWithoutList_saysSo() {
    Guest.sh("insmod /usr/lib/uml/modules/$(uname -r)/kernel/fs/quota/quota_v1.ko");
    make(
        EXT4,
        DEVICE,
        "usrjquota=quota.user,jqfmt=vfsold",
        "quotacheck -cum -F vfsold /srv/report && quotaon -u /srv/report");
    try {
      Guest.Result result = report(MOUNT_POINT);
      assertEquals(4, result.status(), result::text);
      assertTrue(
          result.out().contains("user quotas of /srv/report: cannot be listed (ENOSYS)"),
          result::text);
    } finally {
      unmount();
    }
  }

  /** As many as the brief of a large host: in the memory that the launcher gives. */
  @ParameterizedTest
  @ValueSource(strings = {EXT4 + "-O quota", "mkfs.xfs -q -f"})
  @Timeout(300)
  void report_of100000Ids_fitsIntoItsMemory(String mkfs) {
    make(mkfs, DEVICE, "usrquota", "true");
    try (Stores stores = new Stores()) {
      stores.limits(DEVICE, 0, 100_000, MANY, 1, 1 << 30);
      String repquota = timed("repquota -n -v -u " + MOUNT_POINT + " | grep -c '^#'");
      String table = timed("quotapolicy report " + MOUNT_POINT + " | tail -1");
      String all = timed("quotapolicy report --above 0 " + MOUNT_POINT + " | grep -c '^  user '");
      String json = timed("quotapolicy report --above 0 --json " + MOUNT_POINT + " | tail -5");
      System.out.println(
          "100,000 ids: repquota %s; report %s; --above 0 %s; --above 0 --json %s"
              .formatted(repquota, table, all, json.replaceAll("\\s+", " ")));
      assertTrue(all.startsWith(MANY + "\n"), all);
      assertTrue(json.contains("\"near\":" + MANY), json);
      assertTrue(json.contains("\"complete\":true"), json);
    } finally {
      unmount();
    }
  }

  private static String timed(String command) {
    long start = System.nanoTime();
    String said = Guest.must(command);
    return said + " in " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms";
  }

  /** It asks what would wait for the end of the snapshot, and says so; the others are told. */
  @Test
  void report_withAFrozenFilesystem_tellsOfTheOthers() {
    try (SpareDisk disk = SpareDisk.make()) {
      disk.mount("usrquota");
      Guest.must("fsfreeze --freeze " + SpareDisk.MOUNT_POINT);
      Guest.Result frozen;
      try {
        frozen = report("--json");
      } finally {
        Guest.must("fsfreeze --unfreeze " + SpareDisk.MOUNT_POINT);
      }
      assertEquals(1, frozen.status(), frozen::text);
      JsonObject report = Check.parse(frozen);
      assertEquals(
          Set.of("/home", "/srv/xfs", "/srv/unenforced", SpareDisk.MOUNT_POINT),
          mountPoints(report));
      assertTrue(
          report.getArray("problems").toString().contains("user quotas of /run/spare"),
          report::toString);
      assertTrue(!report.getBoolean("complete"));
      assertEquals(1, report(SpareDisk.MOUNT_POINT).status());
      disk.unmount();
    }
  }

  private static Set<String> mountPoints(JsonObject report) {
    return Check.objects(report.getArray("filesystems")).stream()
        .map(filesystem -> filesystem.getString("mount_point"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
