// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.system.FileSpace;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Needs;
import org.quotapolicy.verdict.Rule;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;

/**
 * One account, one message, one moment: the verdict for each of his mailboxes.
 *
 * @param files gives the space of a file; may block
 * @param message what it takes in a file of its own
 * @param earlier what it takes in the mailboxes judged before
 */
record Hearing(
    MountTable table,
    LinkReader links,
    Geometry geometry,
    Function<String, FileSpace.Reply> files,
    Projects projects,
    Groups groups,
    AccountQuotas account,
    Need message,
    Earlier earlier,
    Instant now) {

  /** Of asm-generic/errno.h: of a group that was not asked about. */
  private static final int ENODATA = 61;

  /** What a lock file takes: nothing is written to it. */
  private static final Need LOCK_FILE = new Need(0, 1);

  /** Of asm-generic/errno-base.h: of whoever may not ask about others. */
  private static final int EPERM = 1;

  /** Each as if the message were stored in those before it. */
  List<Judged> judge(Mailboxes.At mailboxes) {
    List<Judged> judged = new ArrayList<>(mailboxes.paths().size());
    Hearing hearing = this;
    Judged before = null;
    for (MailboxPath mailbox : mailboxes.paths()) {
      hearing = before == null ? this : hearing.after(before);
      Optional<Judged> lockFile = mailbox.isLocked() ? hearing.lockFile(mailbox) : Optional.empty();
      before = (lockFile.isEmpty() ? hearing : hearing.beside(lockFile.get())).judge(mailbox);
      judged.add(before);
      lockFile.filter(Judged::isOfInterest).ifPresent(judged::add);
    }
    return judged;
  }

  /**
   * The lock file beside an mbox, if it will be an inode of the account's. It is there before the
   * mbox is opened, and until the message is written (mbox_open() in src/global/mbox_open.c of
   * Postfix), and belongs to the group and the project of a file that is new.
   */
  private Optional<Judged> lockFile(MailboxPath mailbox) {
    MailboxPath lockFile = mailbox.lockFile();
    Place place = unhidden(lockFile, table.resolve(lockFile.path(), links));
    boolean isFurther =
        place instanceof Place.Local local
            ? groups.isFurther(lockFile, local, account.user().uid())
            : place instanceof Place.Network && !lockFile.isInSpool();
    return isFurther
        ? Optional.of(with(LOCK_FILE, earlier).judge(lockFile, place))
        : Optional.empty();
  }

  private Hearing beside(Judged lockFile) {
    return lockFile.counted().isEmpty()
        ? this
        : with(message, earlier.and(lockFile.counted().get(), LOCK_FILE));
  }

  private Hearing with(Need other, Earlier all) {
    return new Hearing(table, links, geometry, files, projects, groups, account, other, all, now);
  }

  private Hearing after(Judged before) {
    if (before.counted().isEmpty() || !(before.place() instanceof Place.Local place)) {
      return this;
    }
    return with(message, earlier.and(before.counted().get(), taken(before.need(), place)));
  }

  /** XFS gives back what it wants beyond the message before it makes a file. */
  private Need taken(Need need, Place.Local place) {
    boolean isNew = need.inodes() != 0;
    boolean isXfs = FilesystemType.of(place.mount().type()) == FilesystemType.XFS;
    return (isNew && isXfs ? message : need).rounded(blockSize(place));
  }

  private Judged judge(MailboxPath mailbox) {
    return judge(mailbox, unhidden(mailbox, table.resolve(mailbox.path(), links)));
  }

  private Judged judge(MailboxPath mailbox, Place place) {
    if (place instanceof Place.Local local) {
      return local(mailbox, local);
    }
    Need need = mailbox.isNewFile() ? message : message.appended(0);
    String subject = subject(mailbox);
    String reason =
        place instanceof Place.Network network
            ? Reason.elsewhere(subject, network.mount())
            : subject + " could not be located: " + ((Place.Failed) place).reason();
    return Judged.unknown(mailbox, place, need, reason);
  }

  /** Each filesystem that anything is known of, and that is still mounted. */
  List<Judged> judgeAll() {
    return account.user().filesystems().stream()
        .flatMap(there -> table.byDevice(Device.of(there)).stream())
        .map(this::judge)
        .toList();
  }

  /** What is below another mount is not touched. */
  private Judged judge(Mount mount) {
    MailboxPath root = new MailboxPath(mount.mountPoint(), true);
    return table.resolve(root.path(), links) instanceof Place.Local place
            && MountTable.same(place.mount(), mount)
        ? ofIds(root, place)
        : Judged.unknown(root.path(), message, root.path() + " cannot be reached by its name");
  }

  /** Where no directory is named, there is no project. */
  private Judged ofIds(MailboxPath root, Place.Local place) {
    FilesystemQuotas all = on(place.mount()).orElseThrow();
    List<Quota> ofIds =
        all.quotas().stream().filter(quota -> !AccountQuotas.isUnasked(quota)).toList();
    return counted(root, place, new FilesystemQuotas(all.major(), all.minor(), ofIds));
  }

  /** With the quota of the group that mail there belongs to, if it is known or the own one's. */
  private Judged withGroup(MailboxPath mailbox, Place.Local place, FilesystemQuotas quotas) {
    long own = account.user().gid();
    long group = isOfGroups(quotas) ? groups.of(mailbox, place, account.user()) : own;
    if (group == own) {
      return withProject(mailbox, place, quotas);
    }
    Device device = Device.of(place.mount());
    Optional<Quota> told = account.group(device, group);
    Quota counted = told.orElse(Quota.failed(QuotaType.GROUP, group, ENODATA));
    Judged judged = withProject(mailbox, place, replaced(quotas, counted));
    return told.isPresent() || judged.verdict() instanceof Verdict.Refuse
        ? judged
        : judged.missing(Unasked.ofGroup(device, group));
  }

  private static boolean isOfGroups(FilesystemQuotas quotas) {
    for (Quota quota : quotas.quotas()) {
      if (quota.type() == QuotaType.GROUP) {
        return quota.state() == QuotaState.ENFORCED || quota.state() == QuotaState.FAILED;
      }
    }
    return false;
  }

  /** A refusal stands, whatever the project's quota may be. */
  private Judged withProject(MailboxPath mailbox, Place.Local place, FilesystemQuotas quotas) {
    Judged others = counted(mailbox, place, quotas);
    Optional<Quota> unasked = unasked(quotas);
    return unasked.isEmpty() || others.verdict() instanceof Verdict.Refuse
        ? others
        : withProject(mailbox, others, place, unasked.get());
  }

  private static Optional<Quota> unasked(FilesystemQuotas quotas) {
    for (Quota quota : quotas.quotas()) {
      if (AccountQuotas.isUnasked(quota)) {
        return Optional.of(quota);
      }
    }
    return Optional.empty();
  }

  /**
   * With the quota of the mailbox's own project, if it is known.
   *
   * @param unasked what was said last to the question which project it is
   */
  private Judged withProject(MailboxPath mailbox, Judged others, Place.Local place, Quota unasked) {
    Projects.Result project = projects.of(place, unasked);
    if (project instanceof Projects.Result.Unknown unknown) {
      return others.with(new Verdict.Unknown(unknown.reason()));
    }
    Projects.Result.Named named = (Projects.Result.Named) project;
    Unasked question = new Unasked(Device.of(place.mount()), named.project());
    Optional<Quota> told = account.project(question);
    if (told.isEmpty()) {
      return others.missing(question);
    }
    if (!AccountQuotas.isUnasked(told.get())) {
      return counted(mailbox, place, replaced(others.counted().orElseThrow(), told.get()));
    }
    boolean isFirst = unasked.errno() == 0 && told.get().errno() != 0;
    return isFirst ? withProject(mailbox, others, place, told.get()) : others;
  }

  private static FilesystemQuotas replaced(FilesystemQuotas there, Quota newer) {
    List<Quota> all =
        there.quotas().stream().map(quota -> quota.type() == newer.type() ? newer : quota).toList();
    return new FilesystemQuotas(there.major(), there.minor(), all);
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
        mailbox.path().startsWith(account.user().home() + "/")
            && table.resolve(account.user().home(), links) instanceof Place.Local;
    return isInHome ? hidden.otherwise() : new Place.Failed(hidden.reason());
  }

  private Judged local(MailboxPath mailbox, Place.Local place) {
    Mount mount = place.mount();
    Optional<FilesystemQuotas> counted = on(mount);
    if (counted.isPresent()) {
      return isPassed(counted.get(), mount)
          ? counted(mailbox, place, counted.get())
          : withGroup(mailbox, place, counted.get());
    }
    if (MountKind.isStacked(mount.type())) {
      String reason = Reason.stacked(subject(mailbox), mount);
      return Judged.unknown(mailbox, place, message, reason);
    }
    Optional<Unasked> unasked =
        MountKind.mayHaveQuotas(mount)
            ? Optional.of(Unasked.all(Device.of(mount)))
            : Optional.empty();
    Verdict verdict = new Accept(Accept.Reason.NO_QUOTA);
    return new Judged(mailbox, place, message, verdict, Optional.empty(), unasked);
  }

  private Judged counted(MailboxPath mailbox, Place.Local place, FilesystemQuotas quotas) {
    FilesystemType type = FilesystemType.of(place.mount().type());
    int blockSize = blockSize(place);
    Need need = need(mailbox, place, type, blockSize);
    Verdict verdict =
        isPassed(quotas, place.mount())
            ? new Accept(Accept.Reason.ROOT)
            : decide(type, quotas, blockSize, need);
    if (type == FilesystemType.XFS && !mailbox.isMaildir() && verdict instanceof Verdict.Refuse) {
      verdict = reclaimed(mailbox.mbox(), quotas, blockSize, need).orElse(verdict);
    }
    return new Judged(
        mailbox, place, need, earlier, verdict, Optional.of(quotas), Optional.empty());
  }

  private Verdict decide(FilesystemType type, FilesystemQuotas quotas, int blockSize, Need need) {
    Needs needs = earlier.and(need, quotas);
    return Rule.decide(type, quotas, blockSize, needs, now, Errno::name);
  }

  /**
   * The verdict after XFS has taken back what it gave the mbox beyond its end, if it does and that
   * helps. What other files of the account were given is not known.
   */
  private Optional<Verdict> reclaimed(
      MailboxPath mbox, FilesystemQuotas quotas, int blockSize, Need need) {
    if (blockSize == 0
        || !(table.resolve(mbox.path(), links) instanceof Place.Local place)
        || !place.isTouchable()
        || !Device.of(place.mount()).equals(Device.of(quotas))
        || !(files.apply(place.path()) instanceof FileSpace.Reply.File file)) {
      return Optional.empty();
    }
    long group = groups.of(mbox, place, account.user());
    Predicate<Quota> counts = quota -> quota.type() != QuotaType.GROUP || quota.id() == group;
    long bytes = XfsReclaim.beyondEnd(file, blockSize);
    if (bytes == 0 || !XfsReclaim.happens(quotas, blockSize, counts)) {
      return Optional.empty();
    }
    boolean isAppended = need.inodes() == 0;
    Verdict verdict =
        decide(
            FilesystemType.XFS,
            XfsReclaim.after(quotas, bytes, counts),
            blockSize,
            isAppended ? need.plus(bytes) : need);
    return Optional.of(verdict).filter(then -> !(then instanceof Verdict.Refuse));
  }

  /**
   * Whether what is stored as root passes quotas that would hold others, or of which nothing could
   * be told. Who may not ask is in a user namespace, whose root has no privilege here.
   */
  private boolean isPassed(FilesystemQuotas quotas, Mount mount) {
    return account.user().uid() == 0
        && !FilesystemType.of(mount.type()).bindsRoot()
        && quotas.quotas().stream().anyMatch(Hearing::mayBind)
        && quotas.quotas().stream().noneMatch(quota -> quota.errno() == EPERM);
  }

  private static boolean mayBind(Quota quota) {
    return quota.state() != QuotaState.OFF && quota.state() != QuotaState.ACCOUNTED;
  }

  private int blockSize(Place.Local place) {
    return place.isTouchable()
        ? geometry.blockSize(table, place.mount(), place.path())
        : reachable(place.mount())
            .map(mount -> geometry.blockSize(table, mount, mount.mountPoint()))
            .orElse(0);
  }

  /** A file that may not be looked at is taken to be full. */
  private Need need(MailboxPath mailbox, Place.Local place, FilesystemType type, int blockSize) {
    if (mailbox.isMaildir()) {
      return geometry.needInMaildir(table, place.mount(), blockSize, message, links);
    }
    if (mailbox.isLockFile()) {
      return inNewFile(place, blockSize);
    }
    if (!place.isTouchable()) {
      return message.appended(0);
    }
    FileSpace.Reply reply = files.apply(place.path());
    if (reply instanceof FileSpace.Reply.File file) {
      return blockSize == 0 ? message.appended(0) : appended(file, type, blockSize);
    }
    return ((FileSpace.Reply.Failed) reply).isAbsent()
        ? inNewMbox(mailbox, place, blockSize)
        : message.appended(0);
  }

  /** What root makes and gives away costs the user no more than it holds, on XFS, too. */
  private Need inNewMbox(MailboxPath mailbox, Place.Local place, int blockSize) {
    boolean isGiven = groups.isGivenAway(mailbox, place, account.user().uid());
    return isGiven ? message : inNewFile(place, blockSize);
  }

  private Need inNewFile(Place.Local place, int blockSize) {
    return geometry.need(table, place.mount(), blockSize, message, links);
  }

  private Need appended(FileSpace.Reply.File file, FilesystemType type, int blockSize) {
    return message
        .appended(type.freeInFile(file.size(), file.allocated(), blockSize))
        .plus(type.mapBytes(file.size(), message.plus(file.size()).bytes(), blockSize));
  }

  private Optional<Mount> reachable(Mount mount) {
    return table.reachable(Device.of(mount), links);
  }

  private Optional<FilesystemQuotas> on(Mount mount) {
    for (FilesystemQuotas there : account.user().filesystems()) {
      if (there.major() == mount.major() && there.minor() == mount.minor()) {
        return Optional.of(there);
      }
    }
    return Optional.empty();
  }

  private String subject(MailboxPath mailbox) {
    String path = mailbox.path();
    boolean isHome = path.equals(account.user().home()) || path.equals(account.user().home() + "/");
    return isHome ? "home" : "mailbox " + path;
  }
}
