// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.quotapolicy.config.Setting;

class PackageTextsTest {
  @Test
  void settings_allOfThem_areInManualsAndCompletion() {
    for (Setting setting : Setting.values()) {
      String key = setting.key().replace("-", "\\-");
      assertTrue(PackageTexts.settings().contains(".TP\n\\fB" + key + "\\fR = "), key);
      assertTrue(PackageTexts.commands().contains("\\fB\\-\\-" + key + "\\fR"), key);
      assertTrue(PackageTexts.completion().contains("'--" + setting.key() + "'"), key);
    }
  }

  @Test
  void commands_allOfThem_areInTheSynopsis() {
    assertEquals(
        """
        \\fBquotapolicy daemon\\fR [\\fIOPTION\\fR...]
        \\fBquotapolicy check\\fR [\\fIOPTION\\fR...] \\fIUSER\\fR
        \\fBquotapolicy report\\fR [\\fIOPTION\\fR...] [\\fIPATH\\fR...]
        \\fBquotapolicy status\\fR [\\fIOPTION\\fR...]
        \\fBquotapolicy doctor\\fR [\\fIOPTION\\fR...]
        """,
        PackageTexts.synopsis());
  }

  @Test
  void completion_holdsNoDate() {
    assertFalse(PackageTexts.completion().contains("Generated"));
    assertEquals(PackageTexts.completion(), PackageTexts.completion());
  }

  @Test
  void packed_saysSoAndUnpacks() throws IOException {
    byte[] packed = PackageTexts.packed("text".getBytes(StandardCharsets.UTF_8));
    assertEquals(2, packed[8]);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      assertEquals("text", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
