// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColumnsTest {
  @ParameterizedTest
  @CsvSource({"132, 132", "1, 40", "99999, 200", "0, 80", "-5, 80", "wide, 80", "100000, 80"})
  void columns_ofTheEnvironment_areBounded(String columns, int expected) {
    assertEquals(expected, Columns.ofStandardOutput(true, Map.of("COLUMNS", columns)));
  }

  @Test
  void columns_ofAFile_areFixed() {
    assertEquals(120, Columns.ofStandardOutput(false, Map.of("COLUMNS", "80")));
  }
}
