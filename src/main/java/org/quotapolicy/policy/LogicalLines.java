// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Joins the lines of a Postfix table.
 *
 * <p>A line that begins with white space continues the one before; empty lines, and lines whose
 * first character that is no white space is {@code #}, do not count, even between the two. Source:
 * Postfix readlline(3).
 */
final class LogicalLines {

  /**
   * A line with all that continues it.
   *
   * @param number of its first line, from 1
   */
  record Line(int number, String text) {}

  private LogicalLines() {}

  static List<Line> of(String text) {
    List<Line> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int begun = 0;
    int number = 0;
    for (String physical : text.split("\n", -1)) {
      number++;
      if (isBlank(physical)) {
        continue;
      }
      if (!isSpace(physical.charAt(0))) {
        addTo(lines, begun, line);
        begun = number;
      }
      line.append(physical).append(' ');
    }
    addTo(lines, begun, line);
    return lines;
  }

  private static void addTo(List<Line> lines, int begun, StringBuilder line) {
    String text = line.toString().strip();
    if (!text.isEmpty()) {
      lines.add(new Line(begun, text));
    }
    line.setLength(0);
  }

  private static boolean isBlank(String line) {
    int i = 0;
    while (i < line.length() && isSpace(line.charAt(i))) {
      i++;
    }
    return i == line.length() || line.charAt(i) == '#';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
