// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How bench/Report.java judges curves. */
class ReportTest {
  @TempDir Path directory = Path.of(".");

  private record Judged(int status, String text) {}

  /** What grows, and the CPU time of a request in three rounds at each point. */
  private static String points(String curve, String server, int x, int... costs) {
    StringBuilder lines = new StringBuilder();
    for (int cost : costs) {
      lines.append(
          "{\"server\":\"%s\",\"k\":1,\"curve\":\"%s\",\"x\":%d,\"per_second\":1,\"cpu\":%d}%n"
              .formatted(server, curve, x, cost));
    }
    return lines.toString();
  }

  private Judged judge(String... results) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("results"), String.join("", results));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process report =
        new ProcessBuilder(
                List.of(java.toString(), "bench/Report.java", file.toString(), "--check"))
            .redirectErrorStream(true)
            .start();
    String text = new String(report.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Judged(report.waitFor(), text);
  }

  @Test
  void curve_thatMustNotRise_mayRiseByAQuarter() throws Exception {
    String first = points("mounts", "quotapolicy", 10, 10_000, 10_000, 10_000);

    assertEquals(0, judge(first, points("mounts", "quotapolicy", 10_000, 12_400)).status());
    Judged bad = judge(first, points("mounts", "quotapolicy", 10_000, 12_600));
    assertEquals(1, bad.status());
    assertTrue(bad.text().contains("**missed**"), bad::text);
  }

  @Test
  void curve_thatMayRise_isNoSteeperThanLinear() throws Exception {
    String first = points("users", "quotapolicy", 10, 10_000);

    assertEquals(0, judge(first, points("users", "quotapolicy", 1_000, 990_000)).status());
    assertEquals(1, judge(first, points("users", "quotapolicy", 1_000, 1_010_000)).status());
  }

  @Test
  void curve_withinItsNoise_isNotMissed() throws Exception {
    String first = points("idle", "quotapolicy", 1, 9_000, 10_000, 11_000);

    assertEquals(0, judge(first, points("idle", "quotapolicy", 1_000, 12_600)).status());
  }

  @Test
  void curve_ofUsers_mayBeAsSteepAsTheNameServiceAlone() throws Exception {
    String names = points("users", "names", 10, 9_000) + points("users", "names", 100, 110_000);
    String first = points("users", "quotapolicy", 10, 10_000);

    assertEquals(0, judge(names, first, points("users", "quotapolicy", 100, 120_000)).status());
    assertEquals(1, judge(names, first, points("users", "quotapolicy", 100, 130_000)).status());
  }

  @Test
  void curve_ofTheNameServiceAlone_isNotJudged() throws Exception {
    String first = points("users", "names", 10, 10_000);

    assertEquals(0, judge(first, points("users", "names", 100, 200_000)).status());
  }
}
