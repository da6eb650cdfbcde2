// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** The status of the daemon for people, made of the JSON that it sent. */
final class StatusTable {
  private final JsonObject status;
  private final PrintWriter out;

  StatusTable(JsonObject status, PrintWriter out) {
    this.status = status;
    this.out = out;
  }

  void print() {
    Duration up = Duration.ofSeconds(status.getLong("uptime_seconds"));
    row(
        "daemon",
        "quotapolicy %s, process %d, since %s (%s)",
        status.getString("version"),
        status.getLong("pid"),
        status.getString("since"),
        Units.duration(up));
    helper(status.getObject("helper"));
    row("requests", "%d", status.getLong("requests"));
    counts("answered", status.getObject("answers"));
    refusals(status.getArray("refusals"));
    counts("could not tell", status.getObject("could_not_tell"));
    latency(status.getObject("answer_seconds"));
    connections(status.getObject("connections"));
    status.getArray("nfs_left_alone").forEach(line -> row("NFS, left alone", "%s", line));
    configuration(status.getObject("configuration"));
  }

  private void helper(JsonObject helper) {
    String process = helper.isNull("pid") ? "NOT READY" : "process " + helper.getLong("pid");
    row(
        "helper",
        "%s, %s; %d started, %d ended",
        helper.getString("mode"),
        process,
        helper.getLong("started"),
        helper.getLong("ended"));
  }

  /** Those that are not 0. */
  private void counts(String title, JsonObject counts) {
    String name = title;
    for (Map.Entry<String, Object> entry : counts.entrySet()) {
      long count = counts.getLong(entry.getKey());
      if (count != 0) {
        row(name, "%8d  %s", count, entry.getKey().replace('_', ' '));
        name = "";
      }
    }
  }

  private void refusals(JsonArray refusals) {
    String name = "refused";
    for (int i = 0; i < refusals.size(); i++) {
      JsonObject refusal = refusals.getObject(i);
      row(
          name,
          "%8d  %s, %s, %s quota",
          refusal.getLong("count"),
          refusal.getString("reason").replace('_', ' '),
          refusal.getString("cause").replace('_', ' '),
          refusal.getString("quota_type"));
      name = "";
    }
  }

  private void latency(JsonObject latency) {
    StringBuilder text = new StringBuilder();
    for (String part : new String[] {"p50", "p90", "p99", "p999", "max"}) {
      String name = part.replace("p999", "p99.9");
      text.append(String.format(Locale.ROOT, "%s %.1f ms  ", name, latency.getDouble(part) * 1e3));
    }
    row("answer time", "%s", text.toString().strip());
  }

  private void connections(JsonObject connections) {
    row(
        "connections",
        "%d now, %d at most, limit %d",
        connections.getLong("now"),
        connections.getLong("most"),
        connections.getLong("limit"));
    JsonObject faults = new JsonObject(connections);
    faults.keySet().removeIf(key -> key.matches("now|most|limit"));
    counts("", faults);
  }

  private void configuration(JsonObject configuration) {
    row("configuration", "of %s", configuration.getString("loaded"));
    JsonArray problems = configuration.getArray("problems");
    for (int i = 0; i < problems.size(); i++) {
      row(
          i == 0 ? "NOT RELOADED" : "",
          "%s%s",
          i == 0 ? configuration.getString("tried") + ": " : "",
          problems.getString(i));
    }
  }

  /** The daemon sent it, but a terminal must not obey what is in it. */
  private void row(String title, String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values).replaceAll("\\p{Cntrl}", "?");
    out.printf("%-16s%s%n", title, text);
  }
}
