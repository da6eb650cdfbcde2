// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  private final Programs programs = new Programs();

  @Test
  void beforeTheEnd_askedEachTime(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("said");
    List<String> cat = List.of("/bin/cat", file.toString());
    Files.writeString(file, "one");
    assertEquals("one", programs.output(cat));
    Files.writeString(file, "two");
    assertEquals("two", programs.output(cat));
    programs.end();
    Files.writeString(file, "three");
    assertEquals("two", programs.output(cat));
    assertTrue(programs.isOver());
  }

  @Test
  void afterTheEnd_whatWasNeverAsked_fails() {
    programs.end();
    IOException failure =
        assertThrows(IOException.class, () -> programs.output(List.of("/bin/echo", "x")));
    assertEquals(
        "\"/bin/echo x\" was not asked at the start, and cannot be asked now: restart the daemon",
        failure.getMessage());
  }
}
