// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountWatchTest {

  @Test
  void table_notReadYet_countsAsChanged() throws IOException {
    try (MountWatch watch = MountWatch.open()) {
      assertTrue(watch.isChanged());
      assertTrue(watch.isChanged());
    }
  }

  @Test
  void table_read_isTheWholeTableAndNoLongerChanged() throws IOException {
    try (MountWatch watch = MountWatch.open()) {
      List<Mount> expected = MountInfo.parse(Files.readAllBytes(Path.of("/proc/self/mountinfo")));
      assertEquals(expected, watch.read(() -> mount -> true));
      assertFalse(watch.isChanged());
      assertEquals(expected, watch.read(() -> mount -> true));
      assertEquals(List.of(), watch.read(() -> mount -> false));
    }
  }
}
