// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.helperclient.PageResult;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.MountKind;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Rule;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * Reads the quotas of one filesystem and picks the ids that would be refused mail now, by the rule
 * of the daemon, and those near it. Nothing is kept: each goes to the output as it is read.
 */
final class Survey {
  private final QuotaSource source;
  private final Mount filesystem;
  private final FilesystemType type;
  private final int blockSize;
  private final Need need;
  private final double above;
  private final Instant now;
  private final ReportOutput output;
  private final ReportSummary summary = new ReportSummary();
  private boolean begun;

  /**
   * A survey of one filesystem.
   *
   * @param blockSize bytes; 0 = not known
   * @param need what a message takes there
   * @param above what share of a limit is near it
   */
  Survey(
      QuotaSource source,
      Mount filesystem,
      int blockSize,
      Need need,
      double above,
      Instant now,
      ReportOutput output) {
    this.source = source;
    this.filesystem = filesystem;
    this.type = FilesystemType.of(filesystem.type());
    this.blockSize = blockSize;
    this.need = need;
    this.above = above;
    this.now = now;
    this.output = output;
  }

  /**
   * Reads all of it.
   *
   * @param isWanted whether it is to be told of even if it has no quotas
   */
  ReportSummary read(boolean isWanted) throws IOException {
    if (isWanted) {
      begin();
    }
    boolean answers = true;
    for (QuotaType each : QuotaType.values()) {
      answers = answers && read(each);
    }
    if (begun) {
      output.end(summary);
    }
    return summary;
  }

  /** False if there was no answer: then there will be none to the next question either. */
  private boolean read(QuotaType each) {
    long next = 0;
    while (next < QuotaPage.END) {
      PageResult result = source.page(filesystem, each, next);
      if (result instanceof PageResult.CouldNotTell silence) {
        problem(each, silence.reason());
        return false;
      }
      QuotaPage page = ((PageResult.Listed) result).page();
      take(page);
      next = page.state() == QuotaState.ENFORCED ? page.next() : QuotaPage.END;
    }
    return true;
  }

  private void take(QuotaPage page) {
    summary.state(page.type(), page.state());
    switch (page.state()) {
      case OFF, UNASKED -> {}
      case FAILED -> problem(page.type(), failure(page.errno()));
      case ACCOUNTED -> begin(); // whatever they use, nobody is refused
      case ENFORCED -> {
        begin();
        summary.addRead(page.type(), page.quotas().size());
        page.quotas().forEach(this::take);
      }
    }
  }

  private void take(Quota quota) {
    Refuse refusal = refusal(quota);
    Share share =
        refusal == null
            ? Share.of(quota, type, now)
            : Share.of(refusal.resource(), refusal.numbers(), type, now);
    if (refusal != null || (share.limit() != 0 && share.used() >= above)) {
      ReportRow row = new ReportRow(quota, share, refusal);
      summary.addRow(row);
      output.row(row);
    }
  }

  private @Nullable Refuse refusal(Quota quota) {
    boolean isLimited = quota.space().isLimited() || quota.inodes().isLimited();
    if (!isLimited || isPassedByRoot(quota)) {
      return null;
    }
    FilesystemQuotas alone =
        new FilesystemQuotas(filesystem.major(), filesystem.minor(), List.of(quota));
    Verdict verdict = Rule.decide(type, alone, blockSize, need, now, Errno::name);
    return verdict instanceof Refuse refuse ? refuse : null;
  }

  /** What a server does with root's mail is not known here. */
  private boolean isPassedByRoot(Quota quota) {
    return quota.type() == QuotaType.USER
        && quota.id() == 0
        && !type.bindsRoot()
        && !MountKind.isNfs(filesystem.type());
  }

  private void begin() {
    if (!begun) {
      begun = true;
      output.begin(filesystem, blockSize);
    }
  }

  private void problem(QuotaType each, String reason) {
    begin();
    summary.state(each, QuotaState.FAILED);
    summary.addProblem();
    output.problem(each.word() + " quotas of " + filesystem.mountPoint(), reason);
  }

  private static String failure(int errno) {
    String name = Errno.name(errno);
    return switch (name) {
      case "ENOSYS", "EINVAL" ->
          "cannot be listed ("
              + name
              + "): this kernel lists none of this format;"
              + " files of the oldest one, vfsold, can be made new by convertquota(8)";
      case "EAGAIN" -> "the filesystem does not answer (EAGAIN): is it frozen?";
      default -> "could not be asked: " + name;
    };
  }
}
