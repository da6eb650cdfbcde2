// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Verdict.Refuse;

/** A finding as JSON; the keys are a contract, docs/check-json.md. */
final class JsonReport {
  private final Finding finding;
  private final JsonStringWriter json = JsonWriter.indent("  ").string();

  JsonReport(Finding finding) {
    this.finding = finding;
  }

  String text() {
    json.object().value("user", utf8(finding.user()));
    account(finding.quotas());
    json.value("size", unsigned(finding.size()));
    json.value("verdict", finding.outcome().word());
    json.value("reason", finding.reason());
    json.value("detail", finding.detail());
    refusal(finding.verdict() instanceof Refuse refuse ? refuse : null);
    json.array("filesystems");
    finding.filesystems().forEach(this::filesystem);
    return json.end().end().done();
  }

  private void account(@Nullable UserQuotas account) {
    if (account == null) {
      json.nul("uid").nul("gid").nul("home");
    } else {
      json.value("uid", account.uid()).value("gid", account.gid());
      json.value("home", utf8(account.home()));
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
    mount(entry.mount());
    json.value("device", entry.major() + ":" + entry.minor());
    json.value("holds_mailbox", entry.holdsMailbox());
    json.array("mailboxes");
    entry.mailboxes().forEach(path -> json.value(utf8(path)));
    json.end();
    json.value("block_size", entry.blockSize());
    json.array("quotas");
    entry.quotas().forEach(this::quota);
    json.end().end();
  }

  private void mount(@Nullable Mount mount) {
    if (mount == null) {
      json.nul("mount_point").nul("type").nul("source");
    } else {
      json.value("mount_point", utf8(mount.mountPoint()));
      json.value("type", utf8(mount.type())).value("source", utf8(mount.source()));
    }
  }

  private void quota(Quota quota) {
    json.object().value("type", quota.type().word()).value("id", quota.id());
    json.value("state", state(quota.state()));
    ResourceQuota space = quota.space();
    json.object("space").value("used_bytes", unsigned(space.usage()));
    json.value("soft_limit_bytes", unsigned(space.softLimit()));
    json.value("hard_limit_bytes", unsigned(space.hardLimit()));
    expiry(space);
    ResourceQuota inodes = quota.inodes();
    json.object("inodes").value("used", unsigned(inodes.usage()));
    json.value("soft_limit", unsigned(inodes.softLimit()));
    json.value("hard_limit", unsigned(inodes.hardLimit()));
    expiry(inodes);
    json.value("error", quota.errno() == 0 ? null : Errno.name(quota.errno())).end();
  }

  private void expiry(ResourceQuota quota) {
    long seconds = quota.graceExpiry();
    json.value("grace_expiry", seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString());
    json.end();
  }

  private static String state(QuotaState state) {
    return state == QuotaState.FAILED ? "unknown" : state.name().toLowerCase(Locale.ROOT);
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  /** Bytes that are not UTF-8 become U+FFFD: JSON has no other way. */
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
