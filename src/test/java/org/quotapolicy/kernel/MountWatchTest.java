// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      byte[] expected = Files.readAllBytes(Path.of("/proc/self/mountinfo"));
      assertArrayEquals(expected, watch.read());
      assertFalse(watch.isChanged());
      assertArrayEquals(expected, watch.read());
    }
  }
}
