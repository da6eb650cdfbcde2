// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Running processes, by their command lines. Source: proc(5). */
final class Processes {
  private Processes() {}

  /** Those whose program's name ends so. */
  static List<Long> withProgram(String end) throws IOException {
    return find(words -> words.get(0).endsWith(end));
  }

  /** Those whose command line has a word, and another behind it. */
  static List<Long> withWords(String first, String next) throws IOException {
    return find(
        words -> {
          int at = words.indexOf(first);
          return at >= 0 && at + 1 < words.size() && words.get(at + 1).equals(next);
        });
  }

  private static List<Long> find(Predicate<List<String>> wanted) throws IOException {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (wanted.test(words(process))) {
          found.add(Long.parseLong(String.valueOf(process.getFileName())));
        }
      }
    }
    return found;
  }

  private static List<String> words(Path process) {
    try {
      byte[] line = Files.readAllBytes(process.resolve("cmdline"));
      return List.of(new String(line, StandardCharsets.ISO_8859_1).split("\0", -1));
    } catch (IOException e) {
      return List.of(""); // it has ended
    }
  }
}
