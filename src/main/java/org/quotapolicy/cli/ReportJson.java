// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonAppendableWriter;
import com.grack.nanojson.JsonWriter;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * A report as JSON; the keys are a contract, docs/report-json.md. Each row is written as it comes,
 * so that any number of them fits into memory.
 */
final class ReportJson implements ReportOutput {
  private final JsonAppendableWriter json;
  private final IdNames names;
  private final PrintWriter out;
  private final List<String> problems = new ArrayList<>();

  ReportJson(long size, long reserve, int above, Instant now, IdNames names, PrintWriter out) {
    this.json = JsonWriter.indent("  ").on(out);
    this.names = names;
    this.out = out;
    json.object().value("time", now.toString()).value("size", QuotaJson.unsigned(size));
    json.value("reserve", QuotaJson.unsigned(reserve));
    json.value("above_percent", above).array("filesystems");
  }

  @Override
  public void begin(Mount filesystem, int blockSize) {
    json.object();
    QuotaJson.mount(json, filesystem);
    json.value("device", filesystem.major() + ":" + filesystem.minor());
    json.value("block_size", blockSize);
    json.array("ids");
  }

  @Override
  public void row(ReportRow row) {
    Quota quota = row.quota();
    json.object().value("type", quota.type().word()).value("id", quota.id());
    json.value("name", names.of(quota.type(), quota.id()).map(QuotaJson::utf8).orElse(null));
    json.value("percent", Math.floor(row.share().used() * 1000) / 10);
    json.value("resource", row.share().resource().name().toLowerCase(Locale.ROOT));
    refusal(row.refusal());
    QuotaJson.numbers(json, quota);
    json.end();
  }

  private void refusal(@Nullable Refuse refusal) {
    json.value("verdict", refusal == null ? "accept" : "refuse");
    json.value("reason", refusal == null ? null : Finding.word(refusal.cause()));
  }

  @Override
  public void end(ReportSummary summary) {
    json.end().array("types");
    for (QuotaType type : QuotaType.values()) {
      json.object().value("type", type.word());
      json.value("state", QuotaJson.state(summary.state(type)));
      json.value("ids_read", summary.read(type)).end();
    }
    json.end();
    counts(summary);
    json.value("seconds", summary.sinceStart().toMillis() / 1000.0).end();
  }

  @Override
  public void problem(String what, String reason) {
    problems.add(QuotaJson.utf8(what + ": " + reason));
  }

  @Override
  public void finish(ReportSummary total) {
    json.end().array("problems", problems);
    counts(total);
    json.value("complete", total.isComplete()).end().done();
    out.println();
    out.flush();
  }

  private void counts(ReportSummary summary) {
    json.value("ids_read", summary.read());
    json.value("refused", summary.refused()).value("near", summary.near());
  }
}
