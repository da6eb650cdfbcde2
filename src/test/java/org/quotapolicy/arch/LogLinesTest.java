// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An administrator finds each line of the log in docs/operations.md. */
class LogLinesTest {
  private static final Pattern CALL =
      Pattern.compile("log(?:\\(\\))?\\.(?:warning|error|fatal|limited)\\((?s:[^;]*?)\\);\\n");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  @Test
  void whatIsLogged_isExplained() throws IOException {
    String page = Files.readString(Path.of("docs/operations.md"));
    List<String> missing = new ArrayList<>();
    int calls = 0;
    for (String text : texts()) {
      calls++;
      if (!page.contains(text)) {
        missing.add(text);
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(calls >= 20, "only " + calls + " calls found");
  }

  /** The longest constant part of each; what is made of variables alone cannot be looked for. */
  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        CALL.matcher(source)
            .results()
            .map(LogLinesTest::longest)
            .forEach(text -> text.ifPresent(texts::add));
      }
    }
    return texts;
  }

  private static Optional<String> longest(MatchResult call) {
    String joined = call.group().replaceAll("\"\\s*\\+ \"", "");
    return LITERAL
        .matcher(joined)
        .results()
        .map(literal -> literal.group(1).replaceAll("[:;(]?\\s*$", "").strip())
        .filter(text -> text.length() >= 8 && !text.contains("%"))
        .max(Comparator.comparingInt(String::length));
  }
}
