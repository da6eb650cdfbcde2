// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.quotapolicy.helperclient.HelperState;
import org.quotapolicy.server.Statistics;

class StatusReportsTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_]+)(\\{(?:[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\[\"\\\\n])*\",?)*(?<!,)})? ([0-9.E+-]+|\\+Inf)");

  private final Statistics statistics = new Statistics();

  private String report(String command) {
    DaemonStatus status =
        new DaemonStatus(
            "1.2 \"x\"",
            42,
            statistics,
            new HelperState(OptionalLong.of(43), 2, 1),
            "sudo",
            99,
            List.of("nfs.example: no answer \33[2J"),
            Instant.now());
    return Objects.requireNonNull(StatusReports.of(() -> status).get(command)).get();
  }

  @Test
  void json_hasAllKeys() throws Exception {
    statistics.notReloaded(List.of("wrong"));
    JsonObject json = JsonParser.object().from(report("json"));
    assertEquals(
        Set.of(
            "version pid since uptime_seconds helper requests answers refusals could_not_tell"
                .split(" ")),
        new HashSet<>(List.copyOf(json.keySet()).subList(0, 9)));
    assertEquals(43, json.getObject("helper").getInt("pid"));
    assertEquals(0, json.getObject("answers").getInt("DUNNO"));
    assertEquals(8, json.getObject("could_not_tell").size());
    assertEquals(99, json.getObject("connections").getInt("limit"));
    assertEquals("wrong", json.getObject("configuration").getArray("problems").getString(0));
  }

  @Test
  void table_obeysNoControlCharacters() throws Exception {
    statistics.notReloaded(List.of("first", "second"));
    StringWriter text = new StringWriter();
    JsonObject json = JsonParser.object().from(report("json"));
    new StatusTable(json, new PrintWriter(text)).print();
    assertFalse(text.toString().contains("\33"));
    List<String> lines = text.toString().lines().toList();
    assertTrue(
        lines.get(0).startsWith("daemon          quotapolicy 1.2 \"x\", process 42, since "));
    assertTrue(lines.contains("helper          sudo, process 43; 2 started, 1 ended"));
    assertTrue(lines.contains("NFS, left alone nfs.example: no answer ?[2J"), text::toString);
    assertTrue(lines.contains("                second"), text::toString);
  }

  /** As the specification of OpenMetrics 1.0 says, as far as it is used here. */
  @Test
  void openMetrics_isWellFormed() {
    String text = report("openmetrics");
    assertTrue(text.endsWith("\n# EOF\n"));
    assertFalse(text.contains("\n\n") || text.contains("\r"));
    String family = "";
    Map<String, String> types = new HashMap<>();
    Set<String> series = new HashSet<>();
    double bucket = 0;
    for (String line : text.substring(0, text.length() - "\n# EOF\n".length()).split("\n", -1)) {
      if (line.startsWith("# TYPE ")) {
        family = line.split(" ", -1)[2];
        assertEquals(null, types.put(family, line.split(" ", -1)[3]), line);
        bucket = 0;
      } else if (line.startsWith("# ")) {
        assertTrue(line.matches("# (HELP|UNIT) " + family + " .+"), line);
        assertTrue(!line.startsWith("# UNIT") || family.endsWith(line.replaceFirst(".* ", "_")));
      } else {
        Matcher sample = SAMPLE.matcher(line);
        assertTrue(sample.matches(), line);
        String suffix = sample.group(1).substring(family.length());
        assertTrue(suffixes(types.getOrDefault(family, "")).contains(suffix), line);
        assertTrue(series.add(sample.group(1) + sample.group(2)), "twice: " + line);
        if (suffix.equals("_bucket")) {
          assertTrue(Double.parseDouble(sample.group(3)) >= bucket, "not cumulative: " + line);
          bucket = Double.parseDouble(sample.group(3));
        }
      }
    }
    assertTrue(types.size() > 12);
    assertTrue(series.contains("quotapolicy_build_info{version=\"1.2 \\\"x\\\"\"}"));
    assertTrue(series.contains("quotapolicy_answer_seconds_bucket{le=\"+Inf\"}"));
  }

  private static Set<String> suffixes(String type) {
    return switch (type) {
      case "counter" -> Set.of("_total");
      case "gauge" -> Set.of("");
      case "histogram" -> Set.of("_bucket", "_sum", "_count");
      default -> Set.of();
    };
  }

  @Test
  void http_isTheSameWithAHead() {
    String[] response = report("GET /metrics HTTP/1.1").split("\r\n\r\n", 2);
    assertTrue(response[0].startsWith("HTTP/1.0 200 OK\r\n"));
    assertTrue(response[0].endsWith("Content-Length: " + response[1].length()), response[0]);
    assertTrue(response[1].endsWith("# EOF\n"));
  }
}
