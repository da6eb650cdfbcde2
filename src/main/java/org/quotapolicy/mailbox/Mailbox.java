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

/**
 * Says whether a message fits into a user's mailbox, which is in his home directory. Safe for
 * threads.
 */
public final class Mailbox {
  private final MountSource mounts;
  private final LinkReader links;

  Mailbox(MountSource mounts, LinkReader links) {
    this.mounts = mounts;
    this.links = links;
  }

  /** Mailboxes on this machine. The mount table is watched until the process ends. */
  public static Mailbox onThisMachine() throws IOException {
    return new Mailbox(new CurrentMounts(MountWatch.open()), new KernelLinks());
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
      return new Judgement(verdict(local.mount(), counted, need, now), home, counted);
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

  private static Verdict verdict(
      Mount mount, Optional<FilesystemQuotas> counted, Need need, Instant now) {
    FilesystemType type = FilesystemType.of(mount.type());
    return counted
        .map(quotas -> Rule.decide(type, quotas, need, now, Errno::name))
        .orElse(new Accept(Accept.Reason.NO_QUOTA));
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
