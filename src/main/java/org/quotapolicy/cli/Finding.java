// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Verdict;

/**
 * All that check has found out, before it is printed.
 *
 * @param user name, each byte as one char (ISO 8859-1)
 * @param size declared message size in bytes, unsigned; 0 = not declared
 * @param now the moment it is about
 * @param outcome what mail would meet
 * @param verdict the verdict; null if there is no such user
 * @param quotas the account; null if there is none or it is not known
 * @param filesystems what is known of each filesystem
 */
record Finding(
    String user,
    long size,
    Instant now,
    Outcome outcome,
    @Nullable Verdict verdict,
    @Nullable UserQuotas quotas,
    List<Entry> filesystems) {

  /** What mail would meet. */
  enum Outcome {
    ACCEPT(ExitStatus.OK, "accept"),
    REFUSE(ExitStatus.FAILURE, "refuse"),
    UNKNOWN(ExitStatus.COULD_NOT_TELL, "unknown"),
    NO_SUCH_USER(ExitStatus.NO_SUCH_USER, "no-such-user");

    private final int exitStatus;
    private final String word;

    Outcome(int exitStatus, String word) {
      this.exitStatus = exitStatus;
      this.word = word;
    }

    int exitStatus() {
      return exitStatus;
    }

    /** As in JSON. */
    String word() {
      return word;
    }
  }

  /**
   * A filesystem.
   *
   * @param mount where it is mounted; null if it no longer is
   * @param major major number of its device
   * @param minor minor number of its device
   * @param blockSize bytes; 0 = not known
   * @param mailboxes paths of those of the user's that are on it
   * @param quotas the user's, his group's and those of his mailboxes' projects; empty if it has
   *     none
   */
  record Entry(
      @Nullable Mount mount,
      int major,
      int minor,
      int blockSize,
      List<String> mailboxes,
      List<Quota> quotas) {

    boolean holdsMailbox() {
      return !mailboxes.isEmpty();
    }

    private boolean holds(Judged mailbox) {
      return mailboxes.contains(mailbox.path());
    }
  }

  static Finding noSuchUser(String user, long size, Instant now) {
    return new Finding(user, size, now, Outcome.NO_SUCH_USER, null, null, List.of());
  }

  static Finding couldNotTell(String user, long size, Instant now, String reason) {
    Verdict verdict = new Verdict.Unknown(reason);
    return new Finding(user, size, now, Outcome.UNKNOWN, verdict, null, List.of());
  }

  static Finding of(
      String user,
      long size,
      Instant now,
      AccountQuotas account,
      Judgement judgement,
      Mailbox mailbox)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    UserQuotas quotas = account.user();
    for (FilesystemQuotas filesystem : quotas.filesystems()) {
      entries.add(entry(filesystem, account.on(filesystem), judgement, mailbox));
    }
    entries.addAll(0, withoutLocalQuota(entries, judgement, mailbox));
    Outcome outcome = outcome(judgement.verdict());
    return new Finding(user, size, now, outcome, judgement.verdict(), quotas, entries);
  }

  /** The mount that a mailbox is on is the one to show; a filesystem can have several. */
  private static Entry entry(
      FilesystemQuotas quotas, List<Quota> all, Judgement judgement, Mailbox mailbox)
      throws IOException {
    List<Judged> there = on(quotas.major(), quotas.minor(), judgement);
    Optional<Mount> shown = there.stream().flatMap(one -> one.mount().stream()).findFirst();
    Mount mount = (shown.isPresent() ? shown : mailbox.mountOf(quotas)).orElse(null);
    int blockSize = mount == null ? 0 : mailbox.blockSize(mount);
    return new Entry(mount, quotas.major(), quotas.minor(), blockSize, paths(there), all);
  }

  /** Those that hold a mailbox, and that nothing was said about. */
  private static List<Entry> withoutLocalQuota(
      List<Entry> known, Judgement judgement, Mailbox mailbox) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Judged one : judgement.mailboxes()) {
      Optional<Mount> mount = one.mount();
      if (mount.isPresent()
          && !one.mailbox().isLockFile()
          && Stream.of(known, entries).flatMap(List::stream).noneMatch(e -> e.holds(one))) {
        entries.add(withoutLocalQuota(mount.get(), one, judgement, mailbox));
      }
    }
    return entries;
  }

  private static Entry withoutLocalQuota(
      Mount mount, Judged one, Judgement judgement, Mailbox mailbox) throws IOException {
    List<String> paths = paths(on(mount.major(), mount.minor(), judgement));
    int blockSize = mailbox.blockSize(mount);
    return new Entry(mount, mount.major(), mount.minor(), blockSize, paths, told(one));
  }

  /** What a server said: nothing else tells of quotas that the helper did not. */
  private static List<Quota> told(Judged mailbox) {
    return mailbox.counted().map(FilesystemQuotas::quotas).orElse(List.of());
  }

  private static List<Judged> on(int major, int minor, Judgement judgement) {
    return judgement.mailboxes().stream()
        .filter(
            one -> one.mount().filter(m -> m.major() == major && m.minor() == minor).isPresent())
        .toList();
  }

  private static List<String> paths(List<Judged> mailboxes) {
    return mailboxes.stream().filter(one -> !one.mailbox().isLockFile()).map(Judged::path).toList();
  }

  private static Outcome outcome(Verdict verdict) {
    if (verdict instanceof Verdict.Accept) {
      return Outcome.ACCEPT;
    }
    return verdict instanceof Verdict.Refuse ? Outcome.REFUSE : Outcome.UNKNOWN;
  }

  /** Why, as one word of JSON's {@code reason}. */
  String reason() {
    if (verdict instanceof Verdict.Accept accept) {
      return word(accept.reason());
    }
    if (verdict instanceof Verdict.Refuse refuse) {
      return word(refuse.cause());
    }
    return verdict == null ? "no-such-user" : "could-not-tell";
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Why, as a sentence. */
  String detail() {
    if (verdict instanceof Verdict.Accept accept) {
      return accept.reason().words();
    }
    if (verdict instanceof Verdict.Refuse refuse) {
      return Explanation.of(refuse);
    }
    return verdict instanceof Verdict.Unknown unknown
        ? unknown.reason()
        : "the name service knows no such user";
  }
}
