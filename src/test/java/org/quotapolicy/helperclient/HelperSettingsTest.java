// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelperSettingsTest {
  @Test
  void withTimeout_otherValues_areThese() {
    assertEquals(
        new HelperSettings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            4096),
        HelperSettings.withTimeout(Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({"1, 3000", "2999, 3000", "3000, 3000", "3001, 3001", "60000, 60000"})
  void pingTimeout_isTimeoutButNotTooShort(long timeout, long expected) {
    HelperSettings settings = HelperSettings.withTimeout(Duration.ofMillis(timeout));
    assertEquals(Duration.ofMillis(expected), settings.pingTimeout());
  }

  @ParameterizedTest
  @CsvSource({"0, 0 s", "5000, 5 s", "10000, 10 s", "250, 0.25 s", "1500, 1.5 s", "1, 0.001 s"})
  void seconds_areShort(long millis, String text) {
    assertEquals(text, Conversation.seconds(Duration.ofMillis(millis)));
  }
}
