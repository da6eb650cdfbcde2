// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;

/** A report for people: of each filesystem a table, the fullest first, and a line that sums up. */
final class ReportTable implements ReportOutput {
  /** Of one filesystem; so many fit into the memory there is. */
  static final int MOST_ROWS = 100_000;

  private final Terminal terminal;
  private final int columns;
  private final IdNames names;
  private final int above;
  private final Instant now;
  private final PrintWriter out;
  private final PriorityQueue<ReportRow> rows =
      new PriorityQueue<>(ReportRow.FULLEST_FIRST.reversed());
  private final List<String> problems = new ArrayList<>();
  private long dropped;
  private boolean isFirst = true;

  /**
   * A table that is empty.
   *
   * @param above percent of a limit that are near it
   */
  ReportTable(
      Terminal terminal, int columns, IdNames names, int above, Instant now, PrintWriter out) {
    this.terminal = terminal;
    this.columns = columns;
    this.now = now;
    this.names = names;
    this.above = above;
    this.out = out;
  }

  @Override
  public void begin(Mount filesystem, int blockSize) {
    out.print(isFirst ? "" : System.lineSeparator());
    isFirst = false;
    out.println(
        TextReport.show(
            filesystem.mountPoint() + " (" + filesystem.type() + ", " + filesystem.source() + ")"));
    out.flush(); // what follows may take its time
  }

  @Override
  public void row(ReportRow row) {
    rows.add(row);
    if (rows.size() > MOST_ROWS) {
      rows.poll();
      dropped++;
    }
  }

  @Override
  public void end(ReportSummary summary) {
    printRows();
    problems.forEach(problem -> out.println("  could not tell: " + problem));
    problems.clear();
    out.println("  " + outcome(summary));
    out.println("  " + basis(summary));
  }

  @Override
  public void problem(String what, String reason) {
    problems.add(TextReport.show(what + ": " + reason));
  }

  @Override
  public void finish(ReportSummary total) {
    problems.forEach(problem -> out.println("could not tell: " + problem));
    if (isFirst && problems.isEmpty()) {
      out.println("no local filesystem has quotas switched on");
    }
    out.flush();
  }

  private void printRows() {
    List<ReportRow> sorted = new ArrayList<>(rows);
    rows.clear();
    sorted.sort(ReportRow.FULLEST_FIRST);
    List<String> shown = new ArrayList<>();
    for (ReportRow row : sorted) {
      shown.add(name(row.quota()));
    }
    ReportLine line = line(sorted, shown);
    out.print(sorted.isEmpty() ? "" : line.header() + System.lineSeparator());
    for (int i = 0; i < sorted.size(); i++) {
      out.println(line.of(sorted.get(i), shown.get(i)));
    }
    if (dropped > 0) {
      out.println("  and " + dropped + " that are less full; --json shows all");
      dropped = 0;
    }
  }

  private ReportLine line(List<ReportRow> sorted, List<String> shown) {
    int type = sorted.stream().mapToInt(r -> r.quota().type().word().length()).max().orElse(0);
    int name = shown.stream().mapToInt(String::length).max().orElse(0);
    return new ReportLine(terminal, columns, now, type, name);
  }

  private String name(Quota quota) {
    Optional<String> name = names.of(quota.type(), quota.id());
    return name.map(TextReport::show).orElseGet(() -> Long.toString(quota.id()));
  }

  private String outcome(ReportSummary summary) {
    String refused = summary.refused() == 0 ? "nobody" : Long.toString(summary.refused());
    String others = summary.near() == 0 ? "nobody" : Long.toString(summary.near());
    String more = summary.refused() == 0 ? "" : summary.near() == 0 ? " else" : " more";
    String near = above == 0 ? "with a limit" : "at " + above + " % of a limit or above";
    return refused + " would be refused mail now; " + others + more + " " + near;
  }

  /** What was read: "47 ids read in 0.03 s (23 user, 24 group); project quotas off". */
  private static String basis(ReportSummary summary) {
    List<String> enforced = new ArrayList<>();
    StringBuilder others = new StringBuilder();
    for (QuotaType type : QuotaType.values()) {
      if (summary.state(type) == QuotaState.ENFORCED) {
        enforced.add(summary.read(type) + " " + type.word());
      } else {
        others
            .append("; ")
            .append(type.word())
            .append(" quotas ")
            .append(word(summary.state(type)));
      }
    }
    String ids = enforced.isEmpty() ? "" : " (" + String.join(", ", enforced) + ")";
    double seconds = summary.sinceStart().toMillis() / 1000.0;
    return "%d ids read in %.2f s%s%s".formatted(summary.read(), seconds, ids, others);
  }

  private static String word(QuotaState state) {
    return switch (state) {
      case OFF -> "off";
      case ACCOUNTED -> "not enforced";
      case ENFORCED -> "enforced";
      case FAILED, UNASKED -> "not known";
    };
  }
}
