// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How wide a table may be. */
final class Columns {
  private static final int USUAL = 80;
  private static final int OF_A_FILE = 120;
  private static final int LEAST = 40;
  private static final int MOST = 200;

  private static final Command STTY =
      new Command(List.of("/usr/bin/stty", "-F", "/dev/tty", "size"), Duration.ofSeconds(1));

  private Columns() {}

  /** Characters of a line of standard output. */
  static int ofStandardOutput(boolean isTerminal, Map<String, String> environment) {
    if (!isTerminal) {
      return OF_A_FILE;
    }
    String columns = environment.getOrDefault("COLUMNS", "");
    return columns.isEmpty() ? ofTerminal() : parse(columns);
  }

  private static int ofTerminal() {
    try {
      return parse(STTY.output().strip().replaceFirst(".* ", "")); // rows, columns
    } catch (IOException e) {
      return USUAL;
    }
  }

  static int parse(String columns) {
    return columns.matches("[1-9][0-9]{0,4}")
        ? Math.max(LEAST, Math.min(MOST, Integer.parseInt(columns)))
        : USUAL;
  }
}
