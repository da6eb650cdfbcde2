// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.mailbox.MailboxPath.Form;
import org.quotapolicy.mailbox.MountKind;
import org.quotapolicy.mailbox.Place;
import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.server.RecipientCheck;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Unknown;

/** How a finding came about, step by step, a sentence or two each; for check --explain. */
final class Reasoning {
  private final Finding finding;
  private final DaemonConfig rules;
  private final List<String> steps = new ArrayList<>();

  private Reasoning(Finding finding, DaemonConfig rules) {
    this.finding = finding;
    this.rules = rules;
  }

  /** The steps where nothing is known of an account. */
  static List<String> without(Finding finding, String account, DaemonConfig rules) {
    Reasoning reasoning = new Reasoning(finding, rules);
    reasoning.steps.add(
        finding.verdict() instanceof Unknown unknown
            ? "Of the account %s nothing could be found out: %s."
                .formatted(account, unknown.reason())
            : "The name service, getpwnam_r(3), knows no account %s.".formatted(account));
    reasoning.answer();
    return reasoning.steps;
  }

  /**
   * The steps that led to a judgement.
   *
   * @param account whose quotas count
   * @param mailboxes each that the message would be stored in
   * @param links finds the symbolic links on the way to a path
   */
  static List<String> of(
      Finding finding,
      String account,
      UserQuotas quotas,
      List<Judged> mailboxes,
      Links links,
      DaemonConfig rules)
      throws IOException {
    Reasoning reasoning = new Reasoning(finding, rules);
    reasoning.account(account, quotas);
    for (Judged mailbox : mailboxes) {
      reasoning.mailbox(mailbox, quotas.gid(), links);
    }
    if (mailboxes.isEmpty()) {
      reasoning.steps.add("No filesystem has quotas for this account (--mailbox all).");
    }
    reasoning.steps.add("So: " + finding.detail() + ".");
    reasoning.answer();
    return reasoning.steps;
  }

  /** Finds the symbolic links on the way to a path: each with what it points to. */
  @FunctionalInterface
  interface Links {
    Map<String, String> to(String path) throws IOException;

    /** As this machine's filesystems have them. */
    static Links of(Mailbox mailbox) {
      return mailbox::linksTo;
    }
  }

  private void account(String account, UserQuotas quotas) {
    String charged =
        rules.storage().charge().isPresent() ? " All mail belongs to it (charge)." : "";
    steps.add(
        "The name service says: account %s has uid %d, gid %d and home %s.%s"
            .formatted(account, quotas.uid(), quotas.gid(), quotas.home(), charged));
  }

  private void mailbox(Judged mailbox, long ownGroup, Links links) throws IOException {
    way(mailbox, links);
    Optional<Mount> mount = mailbox.mount();
    if (mailbox.counted().isPresent() && mount.isPresent()) {
      numbers(mount.get(), mailbox.counted().get());
      int blockSize = blockSize(mount.get());
      List<Quota> quotas = mailbox.counted().get().quotas();
      quotas.stream()
          .filter(quota -> quota.type() == QuotaType.GROUP && quota.id() != ownGroup)
          .forEach(quota -> steps.add("Mail there belongs to group %d.".formatted(quota.id())));
      steps.add(need(mailbox, blockSize));
      if (quotas.stream().anyMatch(quota -> !mailbox.need(quota).equals(mailbox.need()))) {
        steps.add(
            mailbox.mailbox().form() == Form.LOCKED_MBOX
                ? "As long as it is written to, there is a lock file beside it"
                    + " (mailbox_delivery_lock): that, and mailboxes before it, are needed, too."
                : "Mailboxes before it share quotas with it: what they take is needed, too.");
      }
      if (mailbox.verdict().equals(new Accept(Accept.Reason.ROOT))) {
        steps.add(
            "Postfix writes mail of uid 0 as root, and the kernel holds root to no quota there"
                + " (CAP_SYS_RESOURCE).");
        return;
      }
      for (Quota quota : quotas) {
        Need need = mailbox.need(quota);
        steps.addAll(new QuotaReasoning(mount.get(), blockSize, need, finding.now()).of(quota));
      }
    } else if (mailbox.verdict() instanceof Unknown unknown) {
      steps.add("Its quotas cannot be told: " + unknown.reason() + ".");
    } else {
      steps.add("The kernel has no quotas there.");
    }
  }

  private void way(Judged mailbox, Links links) throws IOException {
    steps.add(
        mailbox.mailbox().isLockFile()
            ? "As long as it writes to the mbox, Postfix makes the lock file %s (mailbox_delivery_lock)."
                .formatted(mailbox.path())
            : "Mail is stored at " + mailbox.path() + ".");
    links
        .to(mailbox.path())
        .forEach((name, target) -> steps.add(name + " is a symbolic link to " + target + "."));
    if (mailbox.place() instanceof Place.Local local) {
      Mount mount = local.mount();
      steps.add(
          "That is %s on the filesystem mounted at %s (%s, %s, device %d:%d), by /proc/self/mountinfo."
              .formatted(
                  local.path(),
                  mount.mountPoint(),
                  mount.type(),
                  mount.source(),
                  mount.major(),
                  mount.minor()));
    } else if (mailbox.place() instanceof Place.Network network) {
      Mount mount = network.mount();
      steps.add(
          "That is on %s (%s, %s), where nothing is touched: its server may not answer."
              .formatted(mount.mountPoint(), mount.type(), mount.source()));
    }
  }

  /** Where the numbers come from, and what the filesystem does with each type. */
  private void numbers(Mount mount, FilesystemQuotas counted) {
    List<String> states = new ArrayList<>();
    for (Quota quota : counted.quotas()) {
      states.add(quota.type().word() + " quota " + state(quota));
    }
    steps.add(whoSays(mount) + ": " + String.join(", ", states) + ".");
  }

  private static String whoSays(Mount mount) {
    if (MountKind.isNfs(mount.type())) {
      return "The server of " + mount.source() + " was asked by rquota, and says";
    }
    return "quotactl(2) on device %d:%d says (Q_XGETQSTATV, %s)"
        .formatted(
            mount.major(),
            mount.minor(),
            mount.type().equals("xfs") ? "Q_XGETQUOTA" : "Q_GETQUOTA");
  }

  private static String state(Quota quota) {
    return switch (quota.state()) {
      case OFF -> "off";
      case ACCOUNTED -> "counted, not enforced";
      case ENFORCED -> "enforced";
      case FAILED -> "not told: " + Errno.name(quota.errno());
      case UNASKED -> "enforced, of a project that could not be found out";
    };
  }

  private int blockSize(Mount mount) {
    return finding.filesystems().stream()
        .filter(entry -> entry.major() == mount.major() && entry.minor() == mount.minor())
        .mapToInt(Finding.Entry::blockSize)
        .findFirst()
        .orElse(0);
  }

  private String need(Judged mailbox, int blockSize) {
    if (mailbox.mailbox().isLockFile()) {
      String room = "; before it makes one, XFS wants room for " + exact(mailbox.need().bytes());
      return "The lock file is empty"
          + (isXfs(mailbox) ? room : "")
          + blocks(mailbox.need(), blockSize);
    }
    Need message = Need.ofMessage(finding.size()).plus(rules.reserve());
    Need need = mailbox.need();
    String size = finding.size() == 0 ? "1 byte (size not declared)" : exact(finding.size());
    StringBuilder text = new StringBuilder("The message takes " + size);
    text.append(" and " + exact(Need.ADDED_BY_DELIVERY) + " for headers that delivery adds");
    text.append(rules.reserve() == 0 ? "" : ", and " + exact(rules.reserve()) + " of reserve");
    if (need.inodes() == 0) {
      text.append("; appended to a file that is there, ")
          .append(exact(need.bytes()))
          .append(" more");
    } else if (Long.compareUnsigned(need.bytes(), message.bytes()) > 0) {
      text.append(
              isXfs(mailbox)
                  ? "; for a new file XFS wants room for "
                  : "; with the blocks that list those of so large a file, ")
          .append(exact(need.bytes()));
    }
    return text.append(blocks(need, blockSize)).toString();
  }

  private static boolean isXfs(Judged mailbox) {
    return mailbox.mount().filter(mount -> mount.type().equals("xfs")).isPresent();
  }

  private static String blocks(Need need, int blockSize) {
    String blocks = blockSize == 0 ? "not known, 4096 is usual" : blockSize + " bytes";
    return "; in whole blocks (%s) %s, and %s."
        .formatted(
            blocks,
            exact(need.inBlocks(blockSize)),
            Explanation.amount(Resource.INODES, need.inodes()));
  }

  /** For people and for comparison: "1.0 KiB (1024 bytes)". */
  static String exact(long bytes) {
    String units = Units.bytes(bytes);
    return units.endsWith(" B") ? units : units + " (" + Units.count(bytes) + " bytes)";
  }

  private void answer() {
    Optional<ActionTemplate> template = template();
    String action = template.map(ActionTemplate::toString).orElse("DUNNO");
    boolean isDry = rules.answers().dryRun() && !action.equals("DUNNO");
    steps.add(
        "A daemon with this configuration answers: %s%s%s."
            .formatted(
                isDry ? "DUNNO" : action,
                isDry ? ", and logs " + action + " (dry-run)" : "",
                action.equals("DUNNO") ? "" : ", unless the recipient is exempt"));
  }

  /** Empty if it is DUNNO whatever is configured. */
  private Optional<ActionTemplate> template() {
    if (finding.verdict() instanceof Refuse refuse) {
      return Optional.of(RecipientCheck.template(rules.answers(), refuse));
    }
    return finding.verdict() instanceof Unknown
        ? Optional.of(rules.answers().onError())
        : Optional.empty();
  }
}
