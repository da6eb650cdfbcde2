// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Resource;

/** A finding for people: the verdict first, then what it rests on. */
final class TextReport {
  private final Finding finding;
  private final Terminal terminal;
  private final PrintWriter out;

  TextReport(Finding finding, Terminal terminal, PrintWriter out) {
    this.finding = finding;
    this.terminal = terminal;
    this.out = out;
  }

  void print() {
    out.printf("%s: %s: %s%n", show(finding.user()), headline(), show(finding.detail()));
    UserQuotas account = finding.quotas();
    if (account != null) {
      out.printf("uid %s, gid %s, home %s", account.uid(), account.gid(), show(account.home()));
      out.printf(", message size %s%n", size());
    }
    finding.filesystems().stream().filter(TextReport::isOfInterest).forEach(this::print);
  }

  /** How it came about. */
  void print(List<String> steps) {
    for (int i = 0; i < steps.size(); i++) {
      out.print(i == 0 ? System.lineSeparator() : "");
      out.printf("%2d. %s%n", i + 1, show(steps.get(i)));
    }
  }

  /** Elsewhere than where his mailbox is, a user mostly has nothing and may have all. */
  private static boolean isOfInterest(Finding.Entry entry) {
    return entry.holdsMailbox() || entry.quotas().stream().anyMatch(TextReport::isOfInterest);
  }

  private static boolean isOfInterest(Quota quota) {
    return quota.state() == QuotaState.FAILED
        || quota.state() == QuotaState.UNASKED
        || quota.space().isLimited()
        || quota.inodes().isLimited()
        || quota.space().usage() != 0;
  }

  private String headline() {
    return switch (finding.outcome()) {
      case ACCEPT -> "mail would be accepted";
      case REFUSE -> "mail would be refused";
      case UNKNOWN -> "could not tell";
      case NO_SUCH_USER -> "no such user";
    };
  }

  private String size() {
    return finding.size() == 0 ? "not declared" : Units.bytes(finding.size());
  }

  private void print(Finding.Entry entry) {
    out.println();
    out.print(where(entry));
    out.println(entry.holdsMailbox() ? ", holds the mailbox" : "");
    if (entry.quotas().isEmpty()) {
      out.println("  no quota is known here");
    }
    entry.quotas().forEach(this::print);
  }

  private static String where(Finding.Entry entry) {
    Mount mount = entry.mount();
    return mount == null
        ? "device " + entry.major() + ":" + entry.minor() + " (no longer mounted)"
        : show(mount.mountPoint() + " (" + mount.type() + ", " + mount.source() + ")");
  }

  private void print(Quota quota) {
    String who = quota.type().word() + " " + quota.id();
    switch (quota.state()) {
      case OFF -> out.printf("  %-14s off%n", who);
      case FAILED -> out.printf("  %-14s not visible: %s%n", who, Errno.name(quota.errno()));
      case UNASKED -> out.printf("  %-14s which one could not be told%s%n", "project", why(quota));
      case ACCOUNTED, ENFORCED -> {
        String note = quota.state() == QuotaState.ACCOUNTED ? " (not enforced)" : "";
        out.printf("  %-14s space   %s%s%n", who, line(Resource.SPACE, quota.space()), note);
        out.printf("  %-14s inodes  %s%s%n", "", line(Resource.INODES, quota.inodes()), note);
      }
    }
  }

  private static String why(Quota quota) {
    return quota.errno() == 0 ? "" : ": " + Errno.name(quota.errno());
  }

  private String line(Resource resource, ResourceQuota numbers) {
    StringBuilder line = new StringBuilder();
    if (numbers.isLimited() && terminal.isTerminal()) {
      line.append(bar(numbers)).append("  ");
    }
    line.append(Explanation.amount(resource, numbers.usage())).append(" used");
    line.append(", soft limit ").append(limit(resource, numbers.softLimit()));
    line.append(", hard limit ").append(limit(resource, numbers.hardLimit()));
    return line.append(grace(numbers)).toString();
  }

  /** Of the limit that binds last. */
  private String bar(ResourceQuota numbers) {
    long limit = numbers.hardLimit() != 0 ? numbers.hardLimit() : numbers.softLimit();
    return Units.bar(numbers.usage(), limit, terminal.full(), terminal.free());
  }

  private static String limit(Resource resource, long limit) {
    return limit == 0 ? "none" : Explanation.amount(resource, limit);
  }

  private String grace(ResourceQuota numbers) {
    String grace = grace(numbers, finding.now());
    return grace.isEmpty() ? "" : ", " + grace;
  }

  /** What the timer says; empty if none runs. */
  static String grace(ResourceQuota numbers, Instant now) {
    if (!numbers.hasTimer()) {
      return "";
    }
    Instant expiry = Instant.ofEpochSecond(numbers.graceExpiry());
    Duration left = Duration.between(now, expiry);
    return left.isNegative() || left.isZero()
        ? "grace over since " + Units.duration(left)
        : "grace " + Units.duration(left) + " left";
  }

  /** Names come from the system's files, but a terminal must not obey what is in them. */
  static String show(String bytes) {
    String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
