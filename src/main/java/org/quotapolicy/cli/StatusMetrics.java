// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.math.BigDecimal;
import java.time.Instant;
import org.quotapolicy.helperclient.HelperState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.server.Latency;
import org.quotapolicy.server.Statistics;
import org.quotapolicy.server.Statistics.Fault;
import org.quotapolicy.server.Statistics.Refusal;
import org.quotapolicy.server.Trouble;
import org.quotapolicy.verdict.Verdict.Refuse.Cause;

/**
 * The status of the daemon as OpenMetrics 1.0. The names are a contract, docs/operations.md.
 *
 * <p>Of the types only those that the older text format of Prometheus knows, too, because the
 * textfile collector of its node_exporter reads that.
 */
final class StatusMetrics {
  /** Bounds of the histogram's buckets are powers of two of microseconds: 64 us to 16.8 s. */
  private static final int FIRST_POWER = 6;

  private static final int LAST_POWER = 24;

  private final DaemonStatus status;
  private final Statistics statistics;
  private final StringBuilder text = new StringBuilder();

  StatusMetrics(DaemonStatus status) {
    this.status = status;
    this.statistics = status.statistics();
  }

  String text() {
    process();
    requests();
    latency(statistics.latency());
    connections();
    configuration(statistics.configuration());
    return text.append("# EOF\n").toString();
  }

  private void process() {
    family("build_info", "gauge", "Version of the daemon.");
    sample("build_info", label("version", status.version()), 1);
    family("start_time_seconds", "gauge", "When the daemon started, since the epoch.");
    sample("start_time_seconds", "", statistics.since());
    HelperState helper = status.helper();
    family("helper_up", "gauge", "Whether the helper is ready.");
    sample("helper_up", "", helper.pid().isPresent() ? 1 : 0);
    family("helper_starts", "counter", "Helpers that were ready once.");
    sample("helper_starts_total", "", helper.started());
    family("helper_ends", "counter", "Helpers that ended.");
    sample("helper_ends_total", "", helper.ended());
    family("nfs_left_alone", "gauge", "NFS servers that are not asked for now.");
    sample("nfs_left_alone", "", status.leftAlone().size());
  }

  private void requests() {
    family("requests", "counter", "Complete requests.");
    sample("requests_total", "", statistics.requests());
    family("answers", "counter", "Answers, by the first word of the action.");
    statistics.answers().forEach((a, n) -> sample("answers_total", label("action", a), n));
    family("refusals", "counter", "Refusals, in a dry run too, by what was full.");
    for (Refusal.Reason reason : Refusal.Reason.values()) {
      for (Cause cause : Cause.values()) {
        for (QuotaType type : QuotaType.values()) {
          refusals(new Refusal(reason, cause, type));
        }
      }
    }
    family("could_not_tell", "counter", "Requests that got the on-error action, by trouble.");
    for (Trouble trouble : Trouble.values()) {
      sample("could_not_tell_total", label("trouble", trouble.word()), status.count(trouble));
    }
  }

  private void refusals(Refusal refusal) {
    String labels =
        label("reason", DaemonStatus.word(refusal.reason()))
            + ","
            + label("cause", DaemonStatus.word(refusal.cause()))
            + ","
            + label("quota_type", refusal.type().word());
    sample("refusals_total", labels, statistics.refusals().getOrDefault(refusal, 0L));
  }

  private void latency(Latency latency) {
    family("answer_seconds", "histogram", "Time from a complete request to its answer.");
    for (int power = FIRST_POWER; power <= LAST_POWER; power++) {
      String bound = label("le", Double.toString((1L << power) / 1e6));
      sample("answer_seconds_bucket", bound, latency.countBelow(1L << power));
    }
    sample("answer_seconds_bucket", label("le", "+Inf"), latency.count());
    sample("answer_seconds_sum", "", Double.toString(latency.sum()));
    sample("answer_seconds_count", "", latency.count());
  }

  private void connections() {
    family("connections", "gauge", "Open connections.");
    sample("connections", "", statistics.connections());
    family("connections_most", "gauge", "Most connections at once since the start.");
    sample("connections_most", "", statistics.mostConnections());
    family("connections_limit", "gauge", "Most connections allowed.");
    sample("connections_limit", "", status.connectionLimit());
    family("connection_faults", "counter", "What happened to connections.");
    for (Fault fault : Fault.values()) {
      sample("connection_faults_total", label("fault", fault.word()), status.count(fault));
    }
  }

  private void configuration(Statistics.Configuration configuration) {
    family("configuration_loaded_seconds", "gauge", "When the configuration was read.");
    sample("configuration_loaded_seconds", "", configuration.loaded());
    family("configuration_problems", "gauge", "What is wrong with the configuration file.");
    sample("configuration_problems", "", configuration.problems().size());
  }

  private void family(String name, String type, String help) {
    text.append("# TYPE quotapolicy_").append(name).append(' ').append(type).append('\n');
    if (name.endsWith("_seconds")) {
      text.append("# UNIT quotapolicy_").append(name).append(" seconds\n");
    }
    text.append("# HELP quotapolicy_").append(name).append(' ').append(help).append('\n');
  }

  private void sample(String name, String labels, Instant value) {
    sample(name, labels, BigDecimal.valueOf(value.toEpochMilli(), 3).toPlainString());
  }

  private void sample(String name, String labels, long value) {
    sample(name, labels, Long.toString(value));
  }

  private void sample(String name, String labels, String value) {
    text.append("quotapolicy_").append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  private static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + '"';
  }
}
