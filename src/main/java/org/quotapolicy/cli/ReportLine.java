// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Instant;
import java.util.Locale;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Refuse.Cause;

/**
 * Makes the lines of a report's table as wide as the terminal.
 *
 * <p>Type, name, resource, bar, percentage, usage and the limits; then what to know. Where there is
 * little room, only the limit that binds is shown, then the bar is shorter and goes, then names
 * lose their ends.
 */
final class ReportLine {
  private static final int LONGEST_BAR = 20;
  private static final int SHORTEST_BAR = 5;
  private static final int LONGEST_NAME = 32;
  private static final int SHORTEST_NAME = 8;

  /** A column of numbers and the space before it: "1023.9 KiB". */
  private static final int NUMBER = 11;

  /** The margin, the resource, the percentage, the usage, one limit, the usual note. */
  private static final int FIXED = 2 + 7 + 6 + 2 * NUMBER + 2 + 19;

  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String PLAIN = "\u001b[0m";

  private final Terminal terminal;
  private final Instant now;
  private final int type;
  private final int name;
  private final int bar;
  private final boolean bothLimits;

  /**
   * Lines of one table.
   *
   * @param columns how wide they may be; with an unusual note, and numbers, they can be wider
   * @param longestType of the words for types that are in it
   * @param longestName of the names
   */
  ReportLine(Terminal terminal, int columns, Instant now, int longestType, int longestName) {
    this.terminal = terminal;
    this.now = now;
    this.type = Math.max("type".length(), longestType);
    int wanted = Math.min(LONGEST_NAME, Math.max(SHORTEST_NAME, longestName));
    int room = columns - FIXED - (type + 1) - (wanted + 1);
    this.bothLimits = room >= NUMBER + LONGEST_BAR + 1;
    int forBar = room - (bothLimits ? NUMBER : 0) - 1;
    this.bar = forBar < SHORTEST_BAR ? 0 : Math.min(LONGEST_BAR, forBar);
    this.name = Math.max(SHORTEST_NAME, Math.min(wanted, wanted + room));
  }

  /** What the columns are. */
  String header() {
    String limits = bothLimits ? column("soft limit") + column("hard limit") : column("limit");
    return line("type", "name", "what", " ".repeat(bar), "", column("used") + limits, "");
  }

  String of(ReportRow row, String shownName) {
    String line =
        line(
            row.quota().type().word(),
            shownName,
            row.share().resource().name().toLowerCase(Locale.ROOT),
            Units.bar(row.share().used(), bar, terminal.full(), terminal.free()),
            Units.percent(row.share().used()),
            numbers(row),
            note(row));
    return terminal.isTerminal() ? (row.refusal() == null ? YELLOW : RED) + line + PLAIN : line;
  }

  private String line(
      String typeWord,
      String shownName,
      String what,
      String shownBar,
      String percent,
      String numbers,
      String note) {
    String start = "  " + padded(typeWord, type) + " " + padded(shownName, name) + " ";
    String middle = padded(what, 6) + " " + shownBar + (bar == 0 ? "" : " ");
    return (start + middle + "%6s".formatted(percent) + numbers + "  " + note).stripTrailing();
  }

  private static String padded(String text, int width) {
    String cut = text.length() <= width ? text : text.substring(0, width - 1) + "~";
    return cut + " ".repeat(width - cut.length());
  }

  private String numbers(ReportRow row) {
    Resource resource = row.share().resource();
    ResourceQuota numbers = row.numbers();
    String used = column(amount(resource, numbers.usage()));
    return bothLimits
        ? used
            + column(limit(resource, numbers.softLimit()))
            + column(limit(resource, numbers.hardLimit()))
        : used + column(amount(resource, row.share().limit()));
  }

  private static String limit(Resource resource, long limit) {
    return limit == 0 ? "none" : amount(resource, limit);
  }

  /** Without the word inodes: the line says what it is about. */
  private static String amount(Resource resource, long value) {
    return resource == Resource.SPACE ? Units.bytes(value) : Units.count(value);
  }

  private static String column(String number) {
    return " %10s".formatted(number);
  }

  private String note(ReportRow row) {
    Refuse refusal = row.refusal();
    return refusal == null ? TextReport.grace(row.numbers(), now) : "refused: " + why(refusal);
  }

  private static String why(Refuse refusal) {
    if (refusal.cause() == Cause.GRACE_EXPIRED) {
      return refusal.numbers().hasTimer() ? "grace over" : "no grace";
    }
    ResourceQuota numbers = refusal.numbers();
    boolean hasRoom = Long.compareUnsigned(numbers.usage(), numbers.hardLimit()) < 0;
    return hasRoom
        ? "needs " + Explanation.amount(refusal.resource(), refusal.need())
        : "hard limit";
  }
}
