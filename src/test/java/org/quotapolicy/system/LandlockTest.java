// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is refused by each version of the kernel's Landlock, in the numbers of linux/landlock.h. To
 * bind this process would bind the tests: the lab's ConfinedFiles does that to a daemon.
 */
class LandlockTest {
  @ParameterizedTest
  @CsvSource({
    "8,  false, 0xffff,  1, 3",
    "9,  false, 0x1ffff, 1, 3",
    "10, false, 0x1ffff, 5, 3",
    "11, false, 0x1ffff, 5, 3",
    "8,  true,  0xffff,  1, 2",
    "11, true,  0xffff,  5, 2",
  })
  void handled_isAllThatTheVersionKnows(
      int version, boolean meets, String files, long network, long scoped) {
    assertEquals(
        new Landlock.Handled(Long.decode(files), network, scoped),
        Landlock.Handled.by(version, meets));
  }
}
