// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectTest {

  @ParameterizedTest
  @CsvSource({"true, true, 7", "true, false, 0", "false, true, 7", "false, false, 7"})
  void newFile_hasTheProjectOfADirectoryThatHandsItOn(
      boolean isDirectory, boolean isHandedOn, long expected) {
    assertEquals(expected, Project.ofNewFile(isDirectory, isHandedOn, 7));
  }
}
