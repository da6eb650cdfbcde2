// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Needs;
import org.quotapolicy.verdict.Rule;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Unknown;

/**
 * The verdict for one mailbox, and what it rests on.
 *
 * <p>A mailbox on a {@link Place.Network} is not told: of its quotas only the server knows. Whoever
 * asks it finds in the place which server and what it exports, and puts what it said into the
 * judgement ({@link Judgement#told}).
 *
 * @param mailbox as it was asked for, or the lock file beside it
 * @param place where that leads
 * @param need what storing the message there takes
 * @param earlier what the mailboxes before it take
 * @param verdict holds if the kernel was asked about the filesystem at {@code place}
 * @param counted the quotas on that filesystem; empty if there are none or they are not known
 * @param unasked what is missing: that filesystem, if it may have quotas and nothing was said about
 *     it, or the mailbox's project there; only who has asked that may go by the verdict
 */
public record Judged(
    MailboxPath mailbox,
    Place place,
    Need need,
    Earlier earlier,
    Verdict verdict,
    Optional<FilesystemQuotas> counted,
    Optional<Unasked> unasked) {

  private static final int UNKNOWN_BLOCK = 0;

  /** The first, or one that shares no quota with those before it. */
  public Judged(
      MailboxPath mailbox,
      Place place,
      Need need,
      Verdict verdict,
      Optional<FilesystemQuotas> counted,
      Optional<Unasked> unasked) {
    this(mailbox, place, need, Earlier.NOTHING, verdict, counted, unasked);
  }

  /** A mailbox of which nothing can be known. */
  public static Judged unknown(String path, Need need, String reason) {
    MailboxPath mailbox = new MailboxPath(path, path.endsWith("/"));
    return unknown(mailbox, new Place.Failed(reason), need, reason);
  }

  static Judged unknown(MailboxPath mailbox, Place place, Need need, String reason) {
    Verdict verdict = new Unknown(reason);
    return new Judged(mailbox, place, need, verdict, Optional.empty(), Optional.empty());
  }

  /** Where it is, as it was asked for. */
  public String path() {
    return mailbox.path();
  }

  /** Whether it is to be told of: a lock file is only if it may decide. */
  boolean isOfInterest() {
    return !mailbox.isLockFile() || !(verdict instanceof Accept) || unasked.isPresent();
  }

  /** The mount that it is on, local or not; empty if that is not known. */
  public Optional<Mount> mount() {
    if (place instanceof Place.Local local) {
      return Optional.of(local.mount());
    }
    return place instanceof Place.Network network ? Optional.of(network.mount()) : Optional.empty();
  }

  /** The mount of an NFS server that it is on, if it is on one. */
  public Optional<NfsMount> nfsMount() {
    return place instanceof Place.Network network ? NfsMount.of(network.mount()) : Optional.empty();
  }

  /**
   * The same with what a server said, which is decided by the rule of most filesystems: of which
   * type the server's is, it does not say, nor in which blocks it gives out space.
   *
   * @param quotas the user's and his group's
   * @param trouble why one of them is FAILED
   */
  Judged told(
      NfsMount mount, List<Quota> quotas, Optional<String> trouble, Earlier before, Instant now) {
    FilesystemQuotas there =
        new FilesystemQuotas(mount.device().major(), mount.device().minor(), quotas);
    Needs needs = before.and(need, there);
    Verdict decided =
        Rule.decide(FilesystemType.GENERIC, there, UNKNOWN_BLOCK, needs, now, Errno::name);
    Verdict shown =
        decided instanceof Unknown ? trouble.<Verdict>map(Unknown::new).orElse(decided) : decided;
    return new Judged(mailbox, place, need, before, shown, Optional.of(there), Optional.empty());
  }

  /** What is needed of a quota there for this mailbox and those before it. */
  public Need need(Quota quota) {
    return counted.isPresent() ? earlier.and(need, counted.get()).of(quota) : need;
  }

  /** The local filesystem that it is on, if it is on one. */
  public Optional<Device> device() {
    return place instanceof Place.Local local
        ? Optional.of(Device.of(local.mount()))
        : Optional.empty();
  }

  /**
   * Whether files removed a moment ago may still be counted. XFS frees them later, and waits for
   * that before it refuses to make a file (xfs_inodegc_queue() and xfs_trans_alloc_icreate(), Linux
   * 5.14).
   */
  public boolean mayCountRemovedFiles() {
    return place instanceof Place.Local local && local.mount().type().equals("xfs");
  }

  /** What to ask to look at it again; empty if it is not on a local filesystem. */
  public Optional<Unasked> again() {
    Optional<Project> project =
        counted.stream()
            .flatMap(filesystem -> filesystem.quotas().stream())
            .filter(quota -> quota.type() == QuotaType.PROJECT)
            .filter(quota -> quota.state() != QuotaState.UNASKED)
            .<Project>map(quota -> new Project.Numbered(quota.id()))
            .findFirst();
    long group =
        counted.stream()
            .flatMap(filesystem -> filesystem.quotas().stream())
            .filter(quota -> quota.type() == QuotaType.GROUP)
            .mapToLong(Quota::id)
            .findFirst()
            .orElse(UserQuotas.OWN_GROUP);
    return device().map(there -> new Unasked(there, project.orElse(new Project.Unnamed()), group));
  }

  Judged missing(Unasked what) {
    return new Judged(mailbox, place, need, earlier, verdict, counted, Optional.of(what));
  }

  Judged with(Verdict other) {
    return new Judged(mailbox, place, need, earlier, other, counted, unasked);
  }
}
