// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.quotapolicy.helperclient.HelperState;
import org.quotapolicy.server.Latency;
import org.quotapolicy.server.Statistics;
import org.quotapolicy.server.Statistics.Fault;
import org.quotapolicy.server.Statistics.Refusal;
import org.quotapolicy.server.Trouble;

/** The status of the daemon as JSON; the keys are a contract, docs/operations.md. */
final class StatusJson {
  private final DaemonStatus status;
  private final Statistics statistics;
  private final JsonStringWriter json = JsonWriter.indent("  ").string();

  StatusJson(DaemonStatus status) {
    this.status = status;
    this.statistics = status.statistics();
  }

  String text() {
    json.object().value("version", status.version()).value("pid", status.pid());
    json.value("since", statistics.since().truncatedTo(ChronoUnit.SECONDS).toString());
    Duration up = Duration.between(statistics.since(), status.now());
    json.value("uptime_seconds", up.toSeconds());
    helper(status.helper());
    requests();
    latency(statistics.latency());
    connections();
    json.array("nfs_left_alone");
    status.leftAlone().forEach(json::value);
    json.end();
    configuration(statistics.configuration());
    return json.end().done() + "\n";
  }

  private void helper(HelperState helper) {
    json.object("helper").value("mode", status.helperMode());
    if (helper.pid().isPresent()) {
      json.value("pid", helper.pid().getAsLong());
    } else {
      json.nul("pid");
    }
    json.value("started", helper.started()).value("ended", helper.ended()).end();
  }

  private void requests() {
    json.value("requests", statistics.requests());
    json.object("answers");
    statistics.answers().forEach(json::value);
    json.end().array("refusals");
    statistics.refusals().forEach(this::refusal);
    json.end().object("could_not_tell");
    Arrays.stream(Trouble.values()).forEach(t -> json.value(t.word(), status.count(t)));
    json.end();
  }

  private void refusal(Refusal refusal, Long count) {
    json.object().value("reason", DaemonStatus.word(refusal.reason()));
    json.value("cause", DaemonStatus.word(refusal.cause()));
    json.value("quota_type", refusal.type().word()).value("count", count).end();
  }

  private void latency(Latency latency) {
    json.object("answer_seconds").value("count", latency.count()).value("sum", latency.sum());
    json.value("p50", latency.quantile(0.5)).value("p90", latency.quantile(0.9));
    json.value("p99", latency.quantile(0.99)).value("p999", latency.quantile(0.999));
    json.value("max", latency.max()).end();
  }

  private void connections() {
    json.object("connections").value("now", statistics.connections());
    json.value("most", statistics.mostConnections()).value("limit", status.connectionLimit());
    Arrays.stream(Fault.values()).forEach(f -> json.value(f.word(), status.count(f)));
    json.end();
  }

  private void configuration(Statistics.Configuration configuration) {
    json.object("configuration");
    json.value("loaded", configuration.loaded().truncatedTo(ChronoUnit.SECONDS).toString());
    json.value("tried", configuration.tried().truncatedTo(ChronoUnit.SECONDS).toString());
    json.array("problems");
    configuration.problems().forEach(json::value);
    json.end().end();
  }
}
