// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TerminalTest {

  /** The JVM's default is UTF-8 in any locale, so it must not be what decides. */
  @ParameterizedTest
  @CsvSource({
    "ANSI_X3.4-1968, UTF-8,          US-ASCII",
    "UTF-8,          ANSI_X3.4-1968, UTF-8",
    "'',             ISO-8859-1,     ISO-8859-1",
    "no-such-thing,  ISO-8859-1,     ISO-8859-1",
  })
  void charset_isThatOfStandardOutput(String stdout, String locale, Charset charset) {
    Map<String, String> properties = Map.of("stdout.encoding", stdout, "native.encoding", locale);
    assertEquals(charset, Terminal.charset(properties::get));
  }

  @Test
  void charset_withoutStandardOutputs_isThatOfTheLocale() {
    Map<String, String> properties = Map.of("native.encoding", "ISO-8859-1");
    assertEquals(StandardCharsets.ISO_8859_1, Terminal.charset(properties::get));
    assertEquals(Charset.defaultCharset(), Terminal.charset(property -> null));
  }

  @Test
  void bars_areOfCharactersThatCanBeShown() {
    assertEquals(new Terminal(true, '\u2588', '\u2591'), Terminal.in(StandardCharsets.UTF_8, true));
    assertEquals(new Terminal(false, '#', '-'), Terminal.in(StandardCharsets.US_ASCII, false));
  }
}
