// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Verdict.Refuse;

/** A finding as JSON; the keys are a contract, docs/check-json.md. */
final class JsonReport {
  private final Finding finding;
  private final JsonStringWriter json = JsonWriter.indent("  ").string();

  JsonReport(Finding finding) {
    this.finding = finding;
  }

  /** All of it; {@code steps} are how it came about, none unless that is wanted. */
  String text(List<String> steps) {
    json.object().value("user", QuotaJson.utf8(finding.user()));
    account(finding.quotas());
    json.value("size", QuotaJson.unsigned(finding.size()));
    json.value("verdict", finding.outcome().word());
    json.value("reason", finding.reason());
    json.value("detail", finding.detail());
    refusal(finding.verdict() instanceof Refuse refuse ? refuse : null);
    json.array("filesystems");
    finding.filesystems().forEach(this::filesystem);
    json.end();
    if (!steps.isEmpty()) {
      json.array("explanation", steps.stream().map(QuotaJson::utf8).toList());
    }
    return json.end().done();
  }

  private void account(@Nullable UserQuotas account) {
    if (account == null) {
      json.nul("uid").nul("gid").nul("home");
    } else {
      json.value("uid", account.uid()).value("gid", account.gid());
      json.value("home", QuotaJson.utf8(account.home()));
    }
  }

  private void refusal(@Nullable Refuse refuse) {
    if (refuse == null) {
      json.nul("quota_type").nul("resource");
    } else {
      json.value("quota_type", refuse.type().word());
      json.value("resource", refuse.resource().name().toLowerCase(Locale.ROOT));
    }
  }

  private void filesystem(Finding.Entry entry) {
    json.object();
    QuotaJson.mount(json, entry.mount());
    json.value("device", entry.major() + ":" + entry.minor());
    json.value("holds_mailbox", entry.holdsMailbox());
    json.array("mailboxes");
    entry.mailboxes().forEach(path -> json.value(QuotaJson.utf8(path)));
    json.end();
    json.value("block_size", entry.blockSize());
    json.array("quotas");
    entry.quotas().forEach(this::quota);
    json.end().end();
  }

  private void quota(Quota quota) {
    boolean isNamed = quota.state() != QuotaState.UNASKED;
    json.object().value("type", quota.type().word()).value("id", isNamed ? quota.id() : null);
    json.value("state", QuotaJson.state(quota.state()));
    QuotaJson.numbers(json, quota);
    json.value("error", quota.errno() == 0 ? null : Errno.name(quota.errno())).end();
  }
}
