// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quotapolicy.lab.Policy.Verdict;

/** No code is unpacked to, or loaded from, a place that others can write to. */
class NothingUnpacked {
  /** Everything with its times: a file that was there only for a moment changes its directory's. */
  private static final String WATCH =
      "find /tmp /var/tmp /dev/shm /home/room /root /nonexistent -xdev"
          + " -printf '%p %s %C@ %T@\\n' 2>/dev/null | sort";

  @BeforeEach
  void forbidExecution() {
    Guest.must("mount -o remount,noexec,nosuid,nodev /tmp");
  }

  @AfterEach
  void allowExecution() {
    Guest.must("mount -o remount,exec,suid,dev /tmp");
  }

  @Test
  void daemon_serving_leavesNoTraceInTemporaryDirectories() {
    String before = watch();
    try (Daemon daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL)) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      assertEquals(before, watch());
      assertOnlyRootsFiles(Proc.mappedFiles(daemon.pid()));
      assertOnlyRootsFiles(Proc.mappedFiles(daemon.helperPid()));
    }
    assertEquals(before, watch());
  }

  @Test
  void check_byRoot_leavesNoTrace() {
    String before = watch();
    assertEquals(0, Check.run("room").status());
    assertEquals(before, watch());
  }

  @Test
  void check_withReadOnlyHome_leavesNoTrace() {
    Guest.must("mount --bind /home/room /home/room && mount -o remount,bind,ro /home/room");
    try {
      String before = watch();
      Guest.Result result = Check.runAs("room", "room");
      assertEquals(0, result.status(), result::text);
      assertEquals(before, watch());
    } finally {
      Guest.must("umount /home/room");
    }
  }

  private static String watch() {
    String found = Guest.sh(WATCH).out();
    assertTrue(found.startsWith("/dev/shm "), found);
    return found;
  }

  private static void assertOnlyRootsFiles(List<Path> files) {
    assertFalse(files.isEmpty());
    for (Path file : files) {
      for (Path path = file; path != null; path = path.getParent()) {
        String place = path.toString();
        assertTrue(isOnlyRootsToWrite(path), () -> file + " is mapped: others may write " + place);
      }
    }
  }

  private static boolean isOnlyRootsToWrite(Path path) {
    try {
      int mode = (int) Files.getAttribute(path, "unix:mode");
      return Files.getAttribute(path, "unix:uid").equals(0) && (mode & 0022) == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
