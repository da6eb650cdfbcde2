// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.StoreDisk.Kind;

/** The numbers that {@code check --json} shows are those that the quota tools show. */
class QuotaNumbers {
  /** Each at the kernel's number of it. */
  private static final List<String> TYPES = List.of("user", "group", "project");

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          room,       /home,           ext4, enforced,  accept, room
          nolimit,    /home,           ext4, enforced,  accept, no-limit
          overlimit,  /home,           ext4, enforced,  refuse, hard-limit
          softgrace,  /home,           ext4, enforced,  accept, room
          graceover,  /home,           ext4, enforced,  refuse, grace-expired
          inodegrace, /home,           ext4, enforced,  accept, room
          unenforced, /srv/unenforced, ext4, accounted, accept,
          xroom,      /srv/xfs,        xfs,  enforced,  accept, room
          xgraceover, /srv/xfs,        xfs,  enforced,  refuse, grace-expired
          xinodefull, /srv/xfs,        xfs,  enforced,  refuse,
          xinodeover, /srv/xfs,        xfs,  enforced,  refuse, grace-expired
          """)
  void check_asRoot_showsWhatRepquotaShows(
      String user,
      String mountPoint,
      String type,
      String state,
      String verdict,
      @Nullable String reason) {
    JsonObject check = Check.json(user);
    JsonObject filesystem = Check.mailboxFilesystem(check);

    assertEquals(verdict, check.getString("verdict"), check::toString);
    if (reason != null) {
      assertEquals(reason, check.getString("reason"), check::toString);
    }
    assertEquals(user, check.getString("user"));
    assertEquals(Guest.uid(user), check.getLong("uid"));
    assertEquals(Guest.gid(user), check.getLong("gid"));
    assertEquals(Guest.home(user), check.getString("home"));
    assertEquals(mountPoint, filesystem.getString("mount_point"));
    assertEquals(type, filesystem.getString("type"));
    assertEquals(4096, filesystem.getLong("block_size"));
    assertEquals(state, Check.quota(filesystem, "user").getString("state"));
    assertNumbers(filesystem, "user", Guest.uid(user));
    assertNumbers(filesystem, "group", Guest.gid(user));
    if (type.equals("xfs")) {
      assertXfsQuotaAgrees(filesystem, "user", Guest.uid(user));
    }
  }

  /**
   * On each kind of filesystem, one id at each edge. Space in KiB above what is used, inodes above
   * it, timers in seconds from now; each row is about one quota type, and the others must agree,
   * too.
   */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          EXT4,                   user,     -16,  64,  -1, 10, 3600, 7200
          EXT4,                   group,    -16,   0,  -1,  0,  -10,  -10
          EXT4_1K,                user,       0,   1,   0,  1,    -,    -
          EXT4_VFSV0,             user,     -16,  64,  -1, 10, 3600,  -10
          EXT4_VFSV1,             group,    -16,  64,  -1, 10,  -10, 3600
          EXT4_ACCOUNTED,         user,     -16, -16,  -1, -1, 3600,  -10
          EXT4_PROJECT,           project,  -16,  64,  -1, 10, 3600, 7200
          EXT4_PROJECT_LISTED,    project,  -16,   0,  -1,  0,  -10,  -10
          XFS_USER_AND_GROUP,     user,     -16, 512,  -1, 10, 3600, 7200
          XFS_USER_AND_GROUP,     group,    -16,   0,  -1,  0,  -10,  -10
          XFS_ACCOUNTED,          user,     -16, -16,  -1, -1, 3600,  -10
          XFS_HALF_ENFORCED,      group,      0, 256,   0,  1,    -,    -
          XFS_PROJECT,            project,  -16, 512,  -1, 10, 3600, 7200
          XFS_PROJECT_OPEN,       project,  -16,   0,  -1,  0,  -10,  -10
          XFS_PROJECT_ACCOUNTED,  user,     -16, 512,  -1, 10,  -10,  -10
          """)
  void check_onEachKind_showsWhatTheQuotaToolsShow(
      Kind kind,
      String type,
      long soft,
      long hard,
      long softInodes,
      long hardInodes,
      String timer,
      String inodeTimer) {
    StoreUser.addAll();
    StoreUser user = StoreUser.ALL.get(0);
    try (StoreDisk disk = StoreDisk.make(kind);
        Stores stores = new Stores()) {
      stores.fill(user.home() + "/tmp/fill", 300 << 10, user);
      stores.files(user.home() + "/tmp", 3, user);
      int number = TYPES.indexOf(type);
      Stores.Usage used = stores.usage(disk.device(), number, kind.id(number, user));
      Stores.Limits limits =
          new Stores.Limits(
              used.space() / 512 + soft * 2,
              used.space() / 512 + hard * 2,
              used.inodes() + softInodes,
              used.inodes() + hardInodes,
              timer,
              inodeTimer);
      stores.limit(disk.device(), number, kind.id(number, user), limits);
      JsonObject filesystem = Check.mailboxFilesystem(Check.json(user.name()));
      assertTrue(
          Check.quota(filesystem, type).getObject("space").getLong("hard_limit_bytes") > 0,
          filesystem::toString);
      for (JsonObject quota : Check.objects(filesystem.getArray("quotas"))) {
        if (!quota.getString("state").equals("off")) {
          assertNumbers(filesystem, quota.getString("type"), quota.getLong("id"));
          if (kind.isXfs()) {
            assertXfsQuotaAgrees(filesystem, quota.getString("type"), quota.getLong("id"));
          }
        }
      }
    }
  }

  @Test
  void check_onPlainFilesystem_saysThatThereIsNoQuota() {
    JsonObject check = Check.json("plain");

    assertEquals("accept", check.getString("verdict"), check::toString);
    assertEquals("no-quota", check.getString("reason"), check::toString);
  }

  @Test
  void check_asTheUserHimself_showsWhatRootSees() {
    JsonObject own = Check.parse(Check.runAs("softgrace", "softgrace", "--json"));
    JsonObject roots = Check.json("softgrace");

    assertEquals(
        Check.quota(Check.mailboxFilesystem(roots), "user"),
        Check.quota(Check.mailboxFilesystem(own), "user"));
  }

  private static void assertXfsQuotaAgrees(JsonObject filesystem, String type, long id) {
    JsonObject quota = Check.quota(filesystem, type);
    String mountPoint = filesystem.getString("mount_point");
    JsonObject space = quota.getObject("space");
    JsonObject inodes = quota.getObject("inodes");
    assertEquals(
        List.of(
            kib(space, "used_bytes"),
            kib(space, "soft_limit_bytes"),
            kib(space, "hard_limit_bytes")),
        xfsReport(mountPoint, type, id, "-b"));
    assertEquals(
        List.of(inodes.getLong("used"), inodes.getLong("soft_limit"), inodes.getLong("hard_limit")),
        xfsReport(mountPoint, type, id, "-i"));
  }

  private static void assertNumbers(JsonObject filesystem, String type, long id) {
    JsonObject quota = Check.quota(filesystem, type);
    JsonObject space = quota.getObject("space");
    JsonObject inodes = quota.getObject("inodes");
    String[] line = repquota(filesystem.getString("mount_point"), type, id);

    assertEquals(id, quota.getLong("id"));
    assertEquals(Long.parseLong(line[3]), kib(space, "used_bytes"));
    assertEquals(Long.parseLong(line[4]), kib(space, "soft_limit_bytes"));
    assertEquals(Long.parseLong(line[5]), kib(space, "hard_limit_bytes"));
    assertEquals(expiry(line[6]), space.getString("grace_expiry"));
    assertEquals(Long.parseLong(line[7]), inodes.getLong("used"));
    assertEquals(Long.parseLong(line[8]), inodes.getLong("soft_limit"));
    assertEquals(Long.parseLong(line[9]), inodes.getLong("hard_limit"));
    assertEquals(expiry(line[10]), inodes.getString("grace_expiry"));
  }

  /** One line: name, two states, then used, soft, hard and expiry of space (KiB) and of inodes. */
  private static String[] repquota(String mountPoint, String type, long id) {
    String report =
        Guest.must(
            "repquota "
                + List.of("-u", "-g", "-P").get(TYPES.indexOf(type))
                + " -v -n -p -O csv "
                + mountPoint);
    return report
        .lines()
        .filter(line -> line.startsWith("#" + id + ","))
        .map(line -> line.split(",", -1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no #" + id + " in " + report));
  }

  private static @Nullable String expiry(String seconds) {
    return Objects.equals(seconds, "0") || seconds.isEmpty()
        ? null
        : Instant.ofEpochSecond(Long.parseLong(seconds)).toString();
  }

  private static long kib(JsonObject space, String name) {
    long bytes = space.getLong(name);
    assertEquals(0, bytes % 1024, name);
    return bytes / 1024;
  }

  private static List<Long> xfsReport(String mountPoint, String type, long id, String what) {
    String option = List.of("-u", "-g", "-p").get(TYPES.indexOf(type));
    String report =
        Guest.must("xfs_quota -x -c 'report %s -n -N %s' %s".formatted(option, what, mountPoint));
    String start = "#" + id + " ";
    String line = report.lines().filter(l -> l.startsWith(start)).findFirst().orElse("missing");
    String[] columns = line.split("\\s+", -1);
    return List.of(
        Long.parseLong(columns[1]), Long.parseLong(columns[2]), Long.parseLong(columns[3]));
  }
}
