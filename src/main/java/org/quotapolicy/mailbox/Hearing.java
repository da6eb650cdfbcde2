// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.system.FileSpace;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Rule;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;

/**
 * One user, one message, one moment: the verdict for each of his mailboxes.
 *
 * @param files gives the space of a file; may block
 * @param message what it takes in a file of its own
 */
record Hearing(
    MountTable table,
    LinkReader links,
    Geometry geometry,
    Function<String, FileSpace.Reply> files,
    Projects projects,
    UserQuotas user,
    Need message,
    Instant now) {

  Judged judge(MailboxPath mailbox) {
    Place place = unhidden(mailbox, table.resolve(mailbox.path(), links));
    if (place instanceof Place.Local local) {
      return local(mailbox, local);
    }
    Need need = mailbox.isMaildir() ? message : message.appended(0);
    String subject = subject(mailbox);
    String reason =
        place instanceof Place.Network network
            ? Reason.elsewhere(subject, network.mount())
            : subject + " could not be located: " + ((Place.Failed) place).reason();
    return Judged.unknown(mailbox.path(), place, need, reason);
  }

  /** Each filesystem that anything is known of, and that is still mounted. */
  List<Judged> judgeAll() {
    return user.filesystems().stream()
        .flatMap(there -> table.byDevice(Device.of(there)).stream())
        .map(this::judge)
        .toList();
  }

  /** What is below another mount, or beyond a server, is not touched. */
  private Judged judge(Mount mount) {
    MailboxPath root = new MailboxPath(mount.mountPoint(), true);
    return table.isReachable(mount, links)
        ? ofIds(root, new Place.Local(mount, mount.mountPoint()))
        : Judged.unknown(root.path(), message, root.path() + " cannot be reached by its name");
  }

  /** Where no directory is named, there is no project. */
  private Judged ofIds(MailboxPath root, Place.Local place) {
    FilesystemQuotas all = on(place.mount()).orElseThrow();
    List<Quota> ofIds = all.quotas().stream().filter(quota -> !isUnasked(quota)).toList();
    return counted(root, place, new FilesystemQuotas(all.major(), all.minor(), ofIds));
  }

  /** A refusal stands, whatever the project's quota may be. */
  private Judged withProject(Judged others, Place.Local place) {
    Optional<Quota> unasked =
        others.counted().stream()
            .flatMap(filesystem -> filesystem.quotas().stream())
            .filter(Hearing::isUnasked)
            .findFirst();
    if (unasked.isEmpty() || others.verdict() instanceof Verdict.Refuse) {
      return others;
    }
    Projects.Result project = projects.of(place, unasked.get());
    return project instanceof Projects.Result.Named named
        ? others.missing(new Unasked(Device.of(place.mount()), named.project()))
        : others.with(new Verdict.Unknown(((Projects.Result.Unknown) project).reason()));
  }

  private static boolean isUnasked(Quota quota) {
    return quota.state() == QuotaState.UNASKED;
  }

  /**
   * In a home that may not be entered, names are what they seem: Maildirs are mostly hidden. That
   * the home itself is where it seems must be known.
   */
  private Place unhidden(MailboxPath mailbox, Place place) {
    if (!(place instanceof Place.Hidden hidden)) {
      return place;
    }
    boolean isInHome =
        mailbox.path().startsWith(user.home() + "/")
            && table.resolve(user.home(), links) instanceof Place.Local;
    return isInHome ? hidden.otherwise() : new Place.Failed(hidden.reason());
  }

  private Judged local(MailboxPath mailbox, Place.Local place) {
    Mount mount = place.mount();
    Optional<FilesystemQuotas> counted = on(mount);
    if (counted.isPresent()) {
      return withProject(counted(mailbox, place, counted.get()), place);
    }
    if (MountKind.isStacked(mount.type())) {
      String reason = Reason.stacked(subject(mailbox), mount);
      return Judged.unknown(mailbox.path(), place, message, reason);
    }
    Optional<Unasked> unasked =
        MountKind.mayHaveQuotas(mount)
            ? Optional.of(Unasked.all(Device.of(mount)))
            : Optional.empty();
    Verdict verdict = new Accept(Accept.Reason.NO_QUOTA);
    return new Judged(mailbox.path(), place, message, verdict, Optional.empty(), unasked);
  }

  private Judged counted(MailboxPath mailbox, Place.Local place, FilesystemQuotas quotas) {
    FilesystemType type = FilesystemType.of(place.mount().type());
    int blockSize = blockSize(place);
    Need need = need(mailbox, place, type, blockSize);
    Verdict verdict = Rule.decide(type, quotas, blockSize, need, now, Errno::name);
    return new Judged(mailbox.path(), place, need, verdict, Optional.of(quotas), Optional.empty());
  }

  private int blockSize(Place.Local place) {
    return geometry.blockSize(table, place.mount(), place.path());
  }

  private Need need(MailboxPath mailbox, Place.Local place, FilesystemType type, int blockSize) {
    Optional<Long> free =
        mailbox.isMaildir() ? Optional.empty() : freeInFile(place, type, blockSize);
    return free.map(message::appended)
        .orElseGet(() -> geometry.need(table, place.mount(), blockSize, message));
  }

  /** Empty if there is no such file. One that may not be looked at is taken to be full. */
  private Optional<Long> freeInFile(Place.Local place, FilesystemType type, int blockSize) {
    FileSpace.Reply reply = files.apply(place.path());
    if (reply instanceof FileSpace.Reply.Failed failed) {
      return failed.isAbsent() ? Optional.empty() : Optional.of(0L);
    }
    FileSpace.Reply.File file = (FileSpace.Reply.File) reply;
    return Optional.of(
        blockSize == 0 ? 0 : type.freeInFile(file.size(), file.allocated(), blockSize));
  }

  private Optional<FilesystemQuotas> on(Mount mount) {
    return user.filesystems().stream()
        .filter(filesystem -> Device.of(filesystem).equals(Device.of(mount)))
        .findFirst();
  }

  private String subject(MailboxPath mailbox) {
    String path = mailbox.path();
    boolean isHome = path.equals(user.home()) || path.equals(user.home() + "/");
    return isHome ? "home" : "mailbox " + path;
  }
}
