// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.MountWatch;
import org.quotapolicy.mount.Mount;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Rule;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Unknown;
import org.quotapolicy.verdict.XfsCreation;

/**
 * Says whether a message fits into a user's mailbox, which is in his home directory. Safe for
 * threads.
 */
public final class Mailbox {
  /** Of XFS, in bytes: stands in for a block size that is not known. */
  private static final int SMALLEST_BLOCK = 512;

  private final MountSource mounts;
  private final LinkReader links;
  private final XfsLayout xfsLayout;

  Mailbox(MountSource mounts, LinkReader links, XfsLayout xfsLayout) {
    this.mounts = mounts;
    this.links = links;
    this.xfsLayout = xfsLayout;
  }

  /** Mailboxes on this machine. The mount table is watched until the process ends. */
  public static Mailbox onThisMachine() throws IOException {
    return new Mailbox(
        new CurrentMounts(MountWatch.open()), new KernelLinks(), new KernelXfsLayout());
  }

  /** The verdict for a user and a message at a moment. Never waits for a server. */
  public Judgement judge(UserQuotas user, Need need, Instant now) {
    try {
      return judge(user, mounts.now(), need, now);
    } catch (IOException e) {
      String reason = "the mount table could not be read: " + e.getMessage();
      return unknown(new Place.Failed(reason), reason);
    }
  }

  private Judgement judge(UserQuotas user, MountTable table, Need need, Instant now) {
    Place home = table.resolve(user.home(), links);
    if (home instanceof Place.Local local) {
      Optional<FilesystemQuotas> counted = on(local.mount(), user);
      Verdict verdict =
          counted
              .map(quotas -> verdict(table, local.mount(), quotas, need, now))
              .orElse(new Accept(Accept.Reason.NO_QUOTA));
      return new Judgement(verdict, home, counted);
    }
    return home instanceof Place.Network network
        ? unknown(home, elsewhere(network.mount()))
        : unknown(home, "home could not be located: " + ((Place.Failed) home).reason());
  }

  /** A mount of the filesystem that these quotas are on; empty if there is none any more. */
  public Optional<Mount> mountOf(FilesystemQuotas quotas) throws IOException {
    return mounts.now().byDevice(quotas.major(), quotas.minor());
  }

  private static Optional<FilesystemQuotas> on(Mount mount, UserQuotas user) {
    return user.filesystems().stream()
        .filter(f -> f.major() == mount.major() && f.minor() == mount.minor())
        .findFirst();
  }

  private Verdict verdict(
      MountTable table, Mount mount, FilesystemQuotas quotas, Need need, Instant now) {
    FilesystemType type = FilesystemType.of(mount.type());
    Need there = type == FilesystemType.XFS ? need.atLeast(creation(table, quotas)) : need;
    return Rule.decide(type, quotas, there, now, Errno::name);
  }

  private long creation(MountTable table, FilesystemQuotas xfs) {
    return table
        .byDevice(xfs.major(), xfs.minor())
        .flatMap(xfsLayout::of)
        .orElse(XfsCreation.least(xfs.blockSize() == 0 ? SMALLEST_BLOCK : xfs.blockSize()))
        .bytes();
  }

  private static String elsewhere(Mount mount) {
    return switch (mount.type()) {
      case "autofs" -> "home is below " + mount.mountPoint() + ", where autofs has mounted nothing";
      case "nfs", "nfs4" -> "home is on NFS " + mount.source() + ", whose quota is not asked yet";
      default ->
          "home is on %s %s, whose quota cannot be asked".formatted(mount.type(), mount.source());
    };
  }

  private static Judgement unknown(Place home, String reason) {
    return new Judgement(new Unknown(reason), home, Optional.empty());
  }
}
