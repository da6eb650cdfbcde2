// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1535, 1.4 KiB",
    "1536, 1.5 KiB",
    "1048575, 1023.9 KiB",
    "1048576, 1.0 MiB",
    "9007199254740992, 8.0 PiB",
    "-9223372036854775808, 8.0 EiB"
  })
  void bytes_areCutToOneDecimal(long bytes, String text) {
    assertEquals(text, Units.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59, 59 s",
    "60, 1 min",
    "61, 1 min 1 s",
    "3600, 1 h",
    "3660, 1 h 1 min",
    "604799, 6 d 23 h",
    "604800, 7 d",
    "-90, 1 min 30 s"
  })
  void duration_showsTwoLargestUnits(long seconds, String text) {
    assertEquals(text, Units.duration(Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 100, -------------------- 0 %",
    "1, 100, #------------------- 1 %",
    "50, 100, ##########---------- 50 %",
    "99, 100, ###################- 99 %",
    "100, 100, #################### 100 %",
    "300, 100, #################### 300 %"
  })
  void bar_isFullOnlyAtTheLimit(long usage, long limit, String text) {
    assertEquals(text, Units.bar(usage, limit, '#', '-'));
  }
}
