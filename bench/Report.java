// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes tables and plots of what load.c has printed: java Report.java RESULTS [--bars FILE] [--check] [--write DOCS [--lab]].
 *
 * <p>Ratios are made of runs of one round, and the median of all rounds is told with the quartiles as its spread. Status 1
 * with --check if a ratio is worse than its bar by more than the noise, or a curve rises more than it may. With --lab they
 * are results of the lab, and have a section and plots of their own.
 */
final class Report {
  private static final Pattern FIELD = Pattern.compile("\"([^\"]+)\":(\"[^\"]*\"|[^,}]+)");
  private static final String HOST = "bench/run";
  private static final String LAB = "src/test/lab/run bench";

  /** One run of the load. */
  record Run(Map<String, String> fields) {
    static Run parse(String line) {
      Map<String, String> fields = new TreeMap<>();
      for (Matcher field = FIELD.matcher(line); field.find(); ) {
        fields.put(field.group(1), field.group(2).replace("\"", ""));
      }
      return new Run(fields);
    }

    String text(String name) {
      return fields.getOrDefault(name, "");
    }

    double number(String name) {
      return Double.parseDouble(fields.get(name));
    }

    boolean isOfMemory() {
      return fields.containsKey("memory");
    }

    boolean is(String server, boolean pinned, int k) {
      return text("server").equals(server) && text("pinned").equals("" + pinned) && number("k") == k;
    }
  }

  /** Median and quartiles. */
  record Spread(double low, double median, double high) {
    static Optional<Spread> of(double[] values) {
      Arrays.sort(values);
      return values.length == 0
          ? Optional.empty()
          : Optional.of(new Spread(at(values, 0.25), at(values, 0.5), at(values, 0.75)));
    }

    private static double at(double[] sorted, double part) {
      double index = part * (sorted.length - 1);
      int below = (int) index;
      int above = Math.min(below + 1, sorted.length - 1);
      return sorted[below] + (index - below) * (sorted[above] - sorted[below]);
    }

    String ratio() {
      return "%.2f (%.2f-%.2f)".formatted(median, low, high);
    }
  }

  /** What the ratio of two servers must be. */
  record Bar(String server, String against, int k, String measure, boolean most, double now, double goal) {
    static Bar parse(String line) {
      String[] word = line.trim().split("\\s+");
      int k = Integer.parseInt(word[2]);
      double now = Double.parseDouble(word[5]);
      return new Bar(word[0], word[1], k, word[3], word[4].equals("most"), now, Double.parseDouble(word[6]));
    }

    boolean isMissed(double ratio, double noise, double bar) {
      return most ? ratio > bar * (1 + noise) : ratio < bar / (1 + noise);
    }
  }

  /** What must not depend on what grows costs at most so much more at one point than at one before. */
  private static final double INDEPENDENT = 1.25;

  /**
   * How a server's cost may run against what grows: at most linearly, or not at all. Where the name service alone was
   * measured, a step may be as steep as its: a large file is dearer to read, line by line, than one in the processor's cache.
   */
  record Rule(String curve, String server, boolean mayGrow) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("connections", "quotapolicy", false),
          new Rule("idle", "quotapolicy", false),
          new Rule("mounts", "quotapolicy", false),
          new Rule("users", "quotapolicy", true), // the name service's cost
          new Rule("users", "quotapolicy+nscd", false),
          new Rule("filesystems", "quotapolicy", false), // one of them counts
          new Rule("filesystems", "all", true)); // all of them are asked

  /** CPU time of a request at one point of a curve, in nanoseconds. */
  record Point(double x, Spread cost, int rounds) {
    /** As a part of the median: twice its standard error, with sigma from the quartiles. */
    double noise() {
      return 2 * 1.25 * (cost.high() - cost.low()) / 1.35 / cost.median() / Math.sqrt(rounds);
    }
  }

  /** From one point of a curve to a later one. */
  record Rise(Point from, Point to) {
    double ratio() {
      return to.cost().median() / from.cost().median();
    }

    /** 1 is linear. */
    double exponent() {
      return Math.log(ratio()) / Math.log(to.x() / from.x());
    }

    double noise() {
      return from.noise() + to.noise();
    }

    boolean isAbove(double most) {
      return ratio() > most * (1 + noise());
    }

    /** Steeper than linear, and than what is not ours: the same step of another server, if there is one. */
    boolean isTooSteep(Optional<Rise> other) {
      double linear = to.x() / from.x();
      return isAbove(Math.max(linear, other.map(step -> step.ratio() * (1 + step.noise())).orElse(linear)));
    }

    String text() {
      return "%.2f (%,.0f to %,.0f)".formatted(ratio(), from.x(), to.x());
    }
  }

  private final List<Run> runs;
  private final List<Bar> bars;
  private final StringBuilder out = new StringBuilder();
  private boolean failed;

  Report(List<Run> runs, List<Bar> bars) {
    this.runs = runs;
    this.bars = bars;
  }

  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    List<String> words = List.of(args);
    List<Run> runs = Files.readAllLines(Path.of(args[0])).stream().map(Run::parse).toList();
    Report report = new Report(runs, bars(words));
    report.write();
    System.out.print(report.out);
    int docs = words.indexOf("--write");
    if (docs >= 0) {
      report.writeInto(Path.of(words.get(docs + 1)), words.contains("--lab"));
    }
    System.exit(report.failed && words.contains("--check") ? 1 : 0);
  }

  private static List<Bar> bars(List<String> words) throws IOException {
    int at = words.indexOf("--bars");
    return at < 0
        ? List.of()
        : Files.readAllLines(Path.of(words.get(at + 1))).stream()
            .filter(line -> !line.isBlank())
            .map(Bar::parse)
            .toList();
  }

  private void write() {
    for (boolean pinned : new boolean[] {true, false}) {
      if (runs.stream().anyMatch(run -> run.text("pinned").equals("" + pinned))) {
        out.append(pinned ? "\n### All on one processor\n\n" : "\n### On all processors\n\n");
        figures(pinned);
        ratios(pinned);
      }
    }
    if (!bars.isEmpty() && runs.stream().anyMatch(run -> run.text("pinned").equals("true"))) {
      judge();
    }
    if (runs.stream().anyMatch(run -> !run.text("curve").isEmpty())) {
      judgeCurves();
    }
  }

  private List<String> servers(boolean pinned) {
    return compared(pinned).map(run -> run.text("server")).distinct().sorted().toList();
  }

  private List<Integer> connections(boolean pinned) {
    return compared(pinned).map(run -> (int) run.number("k")).distinct().sorted().toList();
  }

  private java.util.stream.Stream<Run> compared(boolean pinned) {
    return runs.stream().filter(run -> run.text("pinned").equals("" + pinned));
  }

  private Optional<Spread> spread(String server, boolean pinned, int k, String measure) {
    return Spread.of(
        runs.stream().filter(run -> run.is(server, pinned, k)).mapToDouble(run -> run.number(measure)).toArray());
  }

  private double median(String server, boolean pinned, int k, String measure) {
    return spread(server, pinned, k, measure).map(Spread::median).orElse(Double.NaN);
  }

  private void figures(boolean pinned) {
    out.append("| connections | server | requests/s | p50 us | p99 us | p99.9 us | CPU us/request | switches/request |\n");
    out.append("|---|---|---|---|---|---|---|---|\n");
    for (int k : connections(pinned)) {
      for (String server : servers(pinned)) {
        if (spread(server, pinned, k, "p50").isPresent()) {
          out.append(
              "| %d | %s | %.0f | %.0f | %.0f | %.0f | %.1f | %.2f |%n"
                  .formatted(
                      k,
                      server,
                      median(server, pinned, k, "per_second"),
                      median(server, pinned, k, "p50") / 1e3,
                      median(server, pinned, k, "p99") / 1e3,
                      median(server, pinned, k, "p999") / 1e3,
                      median(server, pinned, k, "cpu") / 1e3,
                      median(server, pinned, k, "switches")));
        }
      }
    }
  }

  /** Of the runs of one round; empty if there is no such round. */
  private Optional<Spread> ratio(String server, String against, boolean pinned, int k, String measure) {
    List<Double> ratios = new ArrayList<>();
    for (Run run : runs) {
      if (run.is(server, pinned, k)) {
        runs.stream()
            .filter(other -> other.is(against, pinned, k) && other.text("round").equals(run.text("round")))
            .forEach(other -> ratios.add(run.number(measure) / other.number(measure)));
      }
    }
    return Spread.of(ratios.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void ratios(boolean pinned) {
    out.append("\n| connections | ratio to floor | requests/s | p50 | p99 | CPU |\n|---|---|---|---|---|---|\n");
    for (int k : connections(pinned)) {
      for (String server : servers(pinned)) {
        if (!server.equals("floor") && ratio(server, "floor", pinned, k, "p50").isPresent()) {
          out.append("| %d | %s |".formatted(k, server));
          for (String measure : List.of("per_second", "p50", "p99", "cpu")) {
            out.append(' ').append(ratio(server, "floor", pinned, k, measure).orElseThrow().ratio()).append(" |");
          }
          out.append('\n');
        }
      }
    }
  }

  /**
   * How far a median can be off by chance: what the same program measured against itself, and the standard error of the
   * median of these rounds, 1.25 sigma / sqrt(n) with sigma from the quartiles; twice that.
   */
  private double noise(Bar bar, Spread ratio) {
    double self =
        ratio("floor-again", "floor", true, bar.k(), bar.measure()).map(same -> Math.abs(same.median() - 1)).orElse(0.0);
    long rounds = runs.stream().filter(run -> run.is(bar.server(), true, bar.k())).count();
    double sigma = (ratio.high() - ratio.low()) / 1.35 / ratio.median();
    return self + 2 * 1.25 * sigma / Math.sqrt(Math.max(1, rounds));
  }

  private void judge() {
    out.append("\n### Bars\n\n| ratio | connections | measured | noise | bar | goal | |\n|---|---|---|---|---|---|---|\n");
    for (Bar bar : bars) {
      ratio(bar.server(), bar.against(), true, bar.k(), bar.measure()).ifPresent(ratio -> judge(bar, ratio));
    }
  }

  private void judge(Bar bar, Spread ratio) {
    double noise = noise(bar, ratio);
    boolean missed = bar.isMissed(ratio.median(), noise, bar.now());
    boolean reached = !bar.isMissed(ratio.median(), 0, bar.goal());
    failed |= missed;
    out.append(
        "| %s / %s, %s | %d | %s | %.0f %% | %s %s | %s | %s |%n"
            .formatted(
                bar.server(),
                bar.against(),
                bar.measure(),
                bar.k(),
                ratio.ratio(),
                noise * 100,
                bar.most() ? "<=" : ">=",
                bar.now(),
                bar.goal(),
                missed ? "**missed**" : reached ? "goal reached" : "ok"));
  }

  private void judgeCurves() {
    out.append("\n### How the cost grows\n\n| curve | server | from | to | CPU us/request | largest rise");
    out.append(" | steepest step | must | |\n|---|---|---|---|---|---|---|---|---|\n");
    for (String curve : CURVES.keySet()) {
      runs.stream()
          .filter(run -> run.text("curve").equals(curve))
          .map(run -> run.text("server"))
          .distinct()
          .sorted()
          .forEach(server -> judgeCurve(curve, server));
    }
  }

  private void judgeCurve(String curve, String server) {
    List<Point> points = points(curve, server);
    if (points.size() < 2) {
      return;
    }
    Optional<Rule> rule =
        RULES.stream().filter(one -> one.curve().equals(curve) && one.server().equals(server)).findFirst();
    Rise rise = largestRise(points);
    List<Rise> steps = steps(points);
    Rise step = steps.stream().max(Comparator.comparingDouble(Rise::exponent)).orElseThrow();
    List<Rise> names = steps(points(curve, "names"));
    boolean bad =
        steps.stream().anyMatch(one -> one.isTooSteep(same(one, names)))
            || rule.filter(one -> !one.mayGrow()).isPresent() && rise.isAbove(INDEPENDENT);
    failed |= bad && rule.isPresent();
    out.append(
        "| %s | %s | %,.0f | %,.0f | %,.1f to %,.1f | %s | x^%.2f | %s | %s |%n"
            .formatted(
                curve,
                server,
                points.get(0).x(),
                points.get(points.size() - 1).x(),
                points.get(0).cost().median() / 1e3,
                points.get(points.size() - 1).cost().median() / 1e3,
                rise.text(),
                step.exponent(),
                rule.map(one -> one.mayGrow() ? "<= linear" + (names.isEmpty() ? "" : " or names") : "<= " + INDEPENDENT).orElse(""),
                rule.isEmpty() ? "" : bad ? "**missed**" : "ok"));
  }

  private List<Point> points(String curve, String server) {
    Map<Double, List<Double>> costs = new TreeMap<>();
    runs.stream()
        .filter(run -> run.text("curve").equals(curve) && run.text("server").equals(server))
        .forEach(run -> costs.computeIfAbsent(run.number("x"), x -> new ArrayList<>()).add(run.number("cpu")));
    List<Point> points = new ArrayList<>();
    costs.forEach((x, all) -> points.add(new Point(x, spread(all), all.size())));
    return points;
  }

  private static Optional<Rise> same(Rise step, List<Rise> others) {
    return others.stream()
        .filter(other -> other.from().x() == step.from().x() && other.to().x() == step.to().x())
        .findFirst();
  }

  private static Spread spread(List<Double> values) {
    return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray()).orElseThrow();
  }

  private static List<Rise> steps(List<Point> points) {
    List<Rise> steps = new ArrayList<>();
    for (int i = 1; i < points.size(); i++) {
      steps.add(new Rise(points.get(i - 1), points.get(i)));
    }
    return steps;
  }

  /** From any point to any later one. */
  private static Rise largestRise(List<Point> points) {
    List<Rise> rises = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      for (Point later : points.subList(i + 1, points.size())) {
        rises.add(new Rise(points.get(i), later));
      }
    }
    return rises.stream().max(Comparator.comparingDouble(Rise::ratio)).orElseThrow();
  }

  private void writeInto(Path docs, boolean isLab) throws IOException {
    String made = machine(isLab) + out + "\n" + plots(docs, isLab ? "performance-lab-" : "performance-");
    replace(docs.resolve("performance.md"), isLab ? LAB : HOST, made);
    if (!isLab && Files.exists(docs.resolve("scale.md"))) {
      replace(docs.resolve("scale.md"), HOST, machine(false) + oneHost());
    }
  }

  /** Replaces what is between the markers; what people wrote around it stays. */
  private static void replace(Path page, String maker, String made) throws IOException {
    String begin = "<!-- made by " + maker + ": begin -->";
    String end = "<!-- made by " + maker + ": end -->";
    String text = Files.readString(page);
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(page + ": the lines \"" + begin + "\" and \"" + end + "\" are missing");
    }
    Files.writeString(page, text.substring(0, from) + begin + "\n" + made + text.substring(to));
  }

  /** What docs/scale.md needs to know of this one. */
  private String oneHost() {
    StringBuilder table = new StringBuilder("\n| one host carries | |\n|---|---|\n");
    for (int k : connections(true)) {
      double rate = median("quotapolicy", true, k, "per_second");
      table.append(
          "| recipients/s of one processor, %d connections | %,.0f, that is %,.0f million a day |%n"
              .formatted(k, rate, rate * 86_400 / 1e6));
    }
    for (int k : connections(false)) {
      table.append(
          "| recipients/s of all processors, %d connections | %,.0f |%n"
              .formatted(k, median("quotapolicy", false, k, "per_second")));
    }
    runs.stream()
        .filter(Run::isOfMemory)
        .map(run -> "| memory of both processes, %s idle connections | %.0f KiB |%n".formatted(run.text("memory"), run.number("kib")))
        .forEach(table::append);
    table.append("\nOf one processor, by CPU time, with one connection, by the lines in /etc/passwd:\n\n");
    table.append("| lines | look-ups/s, the name service alone | recipients/s | recipients/s with nscd |\n|---|---|---|---|\n");
    for (Point point : points("users", "names")) {
      table.append(
          "| %,.0f | %,.0f | %s | %s |%n"
              .formatted(
                  point.x(),
                  1e9 / point.cost().median(),
                  ofOneProcessor("quotapolicy", point.x()),
                  ofOneProcessor("quotapolicy+nscd", point.x())));
    }
    return table.append('\n').toString();
  }

  /** How many requests a second take all of a processor, by the CPU time that one takes. */
  private String ofOneProcessor(String server, double users) {
    return points("users", server).stream()
        .filter(point -> point.x() == users)
        .map(point -> "%,.0f".formatted(1e9 / point.cost().median()))
        .findFirst()
        .orElse("");
  }

  private static String machine(boolean isLab) throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.split(":", 2)[1].trim())
            .orElse("unknown processor");
    String form =
        isLab ? "%s, one of %d processors, User-mode Linux on Linux %s, Java %s%n" : "%s, %d processors, Linux %s, Java %s%n";
    return form.formatted(
            model,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.version"),
            System.getProperty("java.version"));
  }

  /** What grows along each curve. */
  private static final Map<String, String> CURVES = new LinkedHashMap<>();

  static {
    CURVES.put("connections", "connections, all asking");
    CURVES.put("idle", "connections that are idle, beside one that asks");
    CURVES.put("mounts", "mounts");
    CURVES.put("users", "accounts in /etc/passwd");
    CURVES.put("filesystems", "filesystems that may have quotas");
  }

  private String plots(Path docs, String prefix) throws IOException {
    StringBuilder links = new StringBuilder();
    for (Map.Entry<String, String> curve : CURVES.entrySet()) {
      List<Run> points = runs.stream().filter(run -> run.text("curve").equals(curve.getKey())).toList();
      if (!points.isEmpty()) {
        String file = prefix + curve.getKey() + ".svg";
        Files.writeString(docs.resolve(file), new Plot(curve.getValue(), points).svg());
        links.append("![%s](%s)%n%n".formatted(curve.getValue(), file));
      }
    }
    return links.toString();
  }

  /** CPU time of a request against what grows, both on logarithmic axes, and one line for each server. */
  static final class Plot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final List<String> COLOURS = List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd");

    private final String title;
    private final Map<String, Map<Double, List<Double>>> servers = new TreeMap<>();
    private final StringBuilder svg = new StringBuilder();
    private final int firstX;
    private final int lastX;
    private final int firstY;
    private final int lastY;

    Plot(String title, List<Run> points) {
      this.title = title;
      double mostX = 1;
      double mostY = 1;
      double leastX = Double.MAX_VALUE;
      double leastY = Double.MAX_VALUE;
      for (Run point : points) {
        double x = point.number("x");
        double y = Math.max(0.1, 1e6 / point.number("per_second"));
        servers
            .computeIfAbsent(point.text("server"), name -> new TreeMap<>())
            .computeIfAbsent(x, at -> new ArrayList<>())
            .add(y);
        mostX = Math.max(mostX, x);
        mostY = Math.max(mostY, y);
        leastX = Math.min(leastX, x);
        leastY = Math.min(leastY, y);
      }
      firstX = (int) Math.floor(Math.log10(leastX));
      lastX = Math.max(firstX + 1, (int) Math.ceil(Math.log10(mostX)));
      firstY = (int) Math.floor(Math.log10(leastY));
      lastY = Math.max(firstY + 1, (int) Math.ceil(Math.log10(mostY)));
    }

    String svg() {
      svg.append(
          ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>%n"
                  + "<rect width='100%%' height='100%%' fill='white'/>%n")
              .formatted(WIDTH, HEIGHT));
      text(WIDTH / 2, 20, "middle", "Time per request against " + title);
      text(WIDTH / 2, HEIGHT - 10, "middle", title);
      svg.append("<text transform='translate(16,%d) rotate(-90)' text-anchor='middle'>".formatted(HEIGHT / 2));
      svg.append("microseconds per request</text>\n");
      axes();
      int index = 0;
      for (Map.Entry<String, Map<Double, List<Double>>> server : servers.entrySet()) {
        line(server.getKey(), server.getValue(), COLOURS.get(index % COLOURS.size()), index++);
      }
      return svg.append("</svg>\n").toString();
    }

    private void axes() {
      for (int power = firstX; power <= lastX; power++) {
        double x = x(Math.pow(10, power));
        stroke(x, TOP, x, HEIGHT - BOTTOM);
        text(x, HEIGHT - BOTTOM + 18, "middle", label(power));
      }
      for (int power = firstY; power <= lastY; power++) {
        double y = y(Math.pow(10, power));
        stroke(LEFT, y, WIDTH - RIGHT, y);
        text(LEFT - 8, y + 4, "end", label(power));
      }
    }

    private static String label(int power) {
      return power < 0 ? "" + Math.pow(10, power) : "%,d".formatted((long) Math.pow(10, power));
    }

    private void line(String server, Map<Double, List<Double>> points, String colour, int index) {
      StringBuilder path = new StringBuilder();
      points.forEach(
          (x, values) -> {
            double y = Spread.of(values.stream().mapToDouble(v -> v).toArray()).orElseThrow().median();
            path.append("%.1f,%.1f ".formatted(x(x), y(y)));
            svg.append("<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>%n".formatted(x(x), y(y), colour));
          });
      svg.append("<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n".formatted(path, colour));
      int legend = TOP + 16 + 18 * index;
      svg.append(
          "<rect x='%d' y='%d' width='14' height='4' fill='%s'/>%n".formatted(LEFT + 12, legend - 6, colour));
      text(LEFT + 32, legend, "start", server);
    }

    private void stroke(double x1, double y1, double x2, double y2) {
      svg.append("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#ddd'/>%n".formatted(x1, y1, x2, y2));
    }

    private void text(double x, double y, String anchor, String text) {
      svg.append("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>%n".formatted(x, y, anchor, text));
    }

    private double x(double value) {
      return LEFT + (Math.log10(value) - firstX) / (lastX - firstX) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
      return HEIGHT - BOTTOM - (Math.log10(value) - firstY) / (lastY - firstY) * (HEIGHT - TOP - BOTTOM);
    }
  }
}
