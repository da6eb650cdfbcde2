// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonSink;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.ResourceQuota;

/** What is the same in the JSON of check and of report; docs/check-json.md. */
final class QuotaJson {
  private QuotaJson() {}

  static <J extends JsonSink<J>> void mount(J json, @Nullable Mount mount) {
    if (mount == null) {
      json.nul("mount_point").nul("type").nul("source");
    } else {
      json.value("mount_point", utf8(mount.mountPoint()));
      json.value("type", utf8(mount.type())).value("source", utf8(mount.source()));
    }
  }

  /** {@code space} and {@code inodes}. */
  static <J extends JsonSink<J>> void numbers(J json, Quota quota) {
    ResourceQuota space = quota.space();
    json.object("space").value("used_bytes", unsigned(space.usage()));
    json.value("soft_limit_bytes", unsigned(space.softLimit()));
    json.value("hard_limit_bytes", unsigned(space.hardLimit()));
    expiry(json, space);
    ResourceQuota inodes = quota.inodes();
    json.object("inodes").value("used", unsigned(inodes.usage()));
    json.value("soft_limit", unsigned(inodes.softLimit()));
    json.value("hard_limit", unsigned(inodes.hardLimit()));
    expiry(json, inodes);
  }

  private static <J extends JsonSink<J>> void expiry(J json, ResourceQuota quota) {
    Instant expiry = quota.hasTimer() ? Instant.ofEpochSecond(quota.graceExpiry()) : null;
    json.value("grace_expiry", expiry == null ? null : expiry.toString());
    json.end();
  }

  static String state(QuotaState state) {
    return switch (state) {
      case FAILED, UNASKED -> "unknown";
      case OFF, ACCOUNTED, ENFORCED -> state.name().toLowerCase(Locale.ROOT);
    };
  }

  static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  /** Bytes that are not UTF-8 become U+FFFD: JSON has no other way. */
  static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
