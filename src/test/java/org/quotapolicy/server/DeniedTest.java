// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeniedTest {
  @Test
  void file_thatPermissionsAllow_isOutOfReach(@TempDir Path directory) {
    assertEquals(
        "the daemon reads only where it read when it started: restart it",
        Denied.reason(directory));
  }

  @Test
  void file_thatPermissionsDeny_isDenied(@TempDir Path directory) {
    assertEquals("permission denied", Denied.reason(directory.resolve("none")));
  }
}
