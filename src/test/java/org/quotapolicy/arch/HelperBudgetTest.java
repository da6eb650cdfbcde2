// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps what root runs small. The list and the numbers change only in a commit of their own that
 * says why.
 */
final class HelperBudgetTest {
  private static final List<String> PACKAGES = List.of("quota", "wire", "kernel", "helper");
  private static final Path LIST = Path.of("src/test/resources/helper-classes.txt");

  /** Lines of code, comments and blank lines not counted. */
  private static final int MOST_LINES = 2_700;

  private static final int MOST_LINES_OF_A_FILE = 300;
  private static final int MOST_FILES = 50;

  @Test
  void helperJar_holdsTheListedClassesOnly() throws IOException {
    assertEquals(
        String.join("\n", Files.readAllLines(LIST)),
        String.join("\n", classes()),
        LIST + " is not what is compiled: is the change meant, and small?");
  }

  @Test
  void helperSources_stayWithinTheirBudget() throws IOException {
    List<Path> files = sources();
    long total = 0;
    for (Path file : files) {
      long lines = linesOfCode(file);
      assertTrue(lines <= MOST_LINES_OF_A_FILE, file + ": " + lines + " lines");
      total += lines;
    }
    assertTrue(total <= MOST_LINES, total + " lines of code, " + MOST_LINES + " at most");
    assertTrue(files.size() <= MOST_FILES, files.size() + " files, " + MOST_FILES + " at most");
  }

  private static List<String> classes() throws IOException {
    Path root = Path.of("target/classes");
    return walk(root.resolve("org/quotapolicy"), ".class").stream()
        .map(file -> root.relativize(file).toString())
        .toList();
  }

  private static List<Path> sources() throws IOException {
    return walk(Path.of("src/main/java/org/quotapolicy"), ".java");
  }

  private static List<Path> walk(Path root, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> PACKAGES.contains(root.relativize(file).getName(0).toString()))
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .toList();
    }
  }

  private static long linesOfCode(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.matches("(//|/\\*|\\*).*"))
        .count();
  }
}
