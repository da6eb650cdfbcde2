// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;

/** Who can tell which project a mailbox belongs to, and what follows where nobody can. */
class ProjectSources {
  private static final StoreUser USER = StoreUser.ALL.get(0);
  private static final Limits NO_ROOM = new Limits(0, 1, 0, 0, "-", "-");
  private static final Duration IN_TIME = Duration.ofMillis(3500);
  private static final long OTHER_PROJECT = 42777;

  /** Whether the kernel tells everybody, by file_getattr(2): Linux 6.17. */
  private static final boolean KERNEL_TELLS = Kernel.isAtLeast(6, 17);

  private static final Path CONFIG = Path.of("/run/project-sources.conf");

  private static Daemon daemon;
  private static Stores stores;

  @BeforeAll
  static void start() {
    StoreUser.addAll();
    stores = new Stores();
    Guest.must(": >" + CONFIG);
    daemon = Daemon.direct("--config", CONFIG.toString(), "--on-error", Daemon.COULD_NOT_TELL);
  }

  @AfterAll
  static void stop() {
    daemon.close();
    stores.close();
  }

  @Test
  void project_thatNobodyTells_isUnknownAndDoesNotRefuse() {
    try (StoreDisk disk = StoreDisk.make(Kind.EXT4_PROJECT_LISTED)) {
      fill(disk);
      assertEquals(Verdict.REFUSE, ask());
      Guest.must("rm /etc/projects");
      assertEquals(KERNEL_TELLS ? Verdict.REFUSE : Verdict.UNKNOWN, ask());
      Guest.Result check = Check.run(USER.name());
      assertEquals(KERNEL_TELLS ? 1 : 4, check.status(), check.text());
      assertEquals(
          !KERNEL_TELLS, check.out().contains("which project /srv/stores/store0"), check.text());
    }
  }

  /** What another quota refuses stays refused. */
  @Test
  void project_thatNobodyTells_doesNotSaveAFullUser() {
    try (StoreDisk disk = StoreDisk.make(Kind.EXT4_PROJECT)) {
      Guest.must("chmod 0700 " + USER.home());
      assertEquals(KERNEL_TELLS ? Verdict.ACCEPT : Verdict.UNKNOWN, ask());
      stores.limit(disk.device(), StoreDisk.USER, USER.uid(), NO_ROOM);
      assertEquals(Verdict.REFUSE, ask());
    }
  }

  @Test
  void project_thatTheKernelTells_isNotTakenFromTheList() {
    try (StoreDisk disk = StoreDisk.make(Kind.EXT4_PROJECT)) {
      stores.limit(disk.device(), StoreDisk.PROJECT, 77, NO_ROOM);
      Guest.must("echo 77:" + USER.home() + " >/etc/projects");
      assertEquals(Verdict.ACCEPT, ask());
      fill(disk);
      assertEquals(Verdict.REFUSE, ask());
    }
  }

  /** The helper may not open it, either; the daemon may search it. */
  @Test
  void xfsRoot_thatIsNotOpen_leavesOnlyTheList() {
    try (StoreDisk disk = StoreDisk.make(Kind.XFS_PROJECT)) {
      fill(disk);
      assertEquals(Verdict.REFUSE, ask());
      Guest.must("chmod 0711 " + StoreDisk.MOUNT_POINT);
      assertEquals(KERNEL_TELLS ? Verdict.REFUSE : Verdict.UNKNOWN, ask());
      Guest.must("echo " + USER.project() + ":" + USER.home() + " >/etc/projects");
      assertEquals(Verdict.REFUSE, ask());
    }
  }

  @Test
  void home_thatIsNotThereYet_isInTheProjectOfItsDirectory() {
    try (StoreDisk disk = StoreDisk.make(Kind.XFS_PROJECT)) {
      fill(disk);
      Guest.must(
          "sed -i '/^unborn:/d' /etc/passwd && echo unborn:x:41009:41509::%s/new/home:/bin/sh >>/etc/passwd"
              .formatted(USER.home()));
      Guest.must("chmod 0711 " + USER.home());
      assertEquals(Verdict.REFUSE, Policy.askOnce("unborn", 0).verdict());
    }
  }

  /** Neither the question about the inode nor that about the project waits for it. */
  @Test
  void xfs_thatIsFrozen_isAnsweredInTime() {
    try (StoreDisk disk = StoreDisk.make(Kind.XFS_PROJECT)) {
      fill(disk);
      assertEquals(Verdict.REFUSE, ask());
      Guest.must("fsfreeze --freeze " + StoreDisk.MOUNT_POINT);
      try {
        long start = System.nanoTime();
        assertEquals(Verdict.REFUSE, ask());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(IN_TIME) < 0, "took " + took.toMillis() + " ms");
      } finally {
        Guest.must("fsfreeze --unfreeze " + StoreDisk.MOUNT_POINT);
      }
    }
  }

  /** Mail goes into both: either project can refuse it, whichever is asked about last. */
  @ParameterizedTest
  @EnumSource(names = {"EXT4_PROJECT", "XFS_PROJECT", "XFS_PROJECT_OPEN"})
  void mailboxes_ofSeveralProjects_areEachHeldToTheirOwn(Kind kind) throws IOException {
    try (StoreDisk disk = StoreDisk.make(kind)) {
      Files.writeString(CONFIG, "mailbox = %h/tmp/\nmailbox = %h/other/\n");
      daemon.reload();
      disk.directory(USER, "other", OTHER_PROJECT);
      assertEquals(Verdict.ACCEPT, ask());
      for (long full : List.of(USER.project(), OTHER_PROJECT)) {
        stores.limit(disk.device(), StoreDisk.PROJECT, full, NO_ROOM);
        assertEquals(Verdict.REFUSE, ask(), "project " + full);
        stores.limit(disk.device(), StoreDisk.PROJECT, full, Limits.NONE);
      }
      assertEquals(Verdict.ACCEPT, ask());
      List<JsonObject> quotas =
          Check.objects(
              Check.mailboxFilesystem(Check.json("--config", CONFIG.toString(), USER.name()))
                  .getArray("quotas"));
      assertEquals(
          List.of(USER.project(), OTHER_PROJECT),
          quotas.stream()
              .filter(quota -> quota.getString("type").equals("project"))
              .map(quota -> quota.getLong("id"))
              .toList());
    } finally {
      Files.writeString(CONFIG, "");
      daemon.reload();
    }
  }

  /** Only root may ask about a project's numbers: that is could-not-tell, and not room. */
  @ParameterizedTest
  @EnumSource(names = {"EXT4_PROJECT_LISTED", "XFS_PROJECT", "XFS_PROJECT_OPEN"})
  void check_ofOneself_cannotTellOfTheProject(Kind kind) {
    try (StoreDisk disk = StoreDisk.make(kind)) {
      fill(disk);
      JsonObject own = Check.parse(Check.runAs(USER.name(), USER.name(), "--json"));
      JsonObject quota = Check.quota(Check.mailboxFilesystem(own), "project");
      assertEquals(
          "unknown, unknown, EPERM",
          String.join(
              ", ", own.getString("verdict"), quota.getString("state"), quota.getString("error")),
          own::toString);
    }
  }

  private static void fill(StoreDisk disk) {
    stores.limit(disk.device(), StoreDisk.PROJECT, USER.project(), NO_ROOM);
  }

  private static Verdict ask() {
    return Policy.askOnce(USER.name(), 0).verdict();
  }
}
