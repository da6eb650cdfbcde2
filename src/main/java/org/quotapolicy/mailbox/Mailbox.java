// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.quotapolicy.mount.LinkReader;
import org.quotapolicy.mount.Mount;
import org.quotapolicy.mount.MountTable;
import org.quotapolicy.mount.Place;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.FilesystemType;
import org.quotapolicy.quota.Need;
import org.quotapolicy.quota.Rule;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.quota.Verdict;
import org.quotapolicy.quota.Verdict.Accept;
import org.quotapolicy.quota.Verdict.Unknown;

/** Says whether a message fits into a user's mailbox, which is in his home directory. */
public final class Mailbox {
  private final Supplier<MountTable> mounts;
  private final LinkReader links;

  /**
   * A mailbox that looks mounts up anew for each message.
   *
   * @param mounts gives the mount table of the moment
   */
  public Mailbox(Supplier<MountTable> mounts, LinkReader links) {
    this.mounts = mounts;
    this.links = links;
  }

  /** The verdict for a user and a message at a moment. */
  public Judgement judge(UserQuotas user, Need need, Instant now) {
    Place home = mounts.get().resolve(user.home(), links);
    if (home instanceof Place.Local local) {
      Optional<FilesystemQuotas> counted = on(local.mount(), user);
      Verdict verdict =
          counted
              .map(quotas -> Rule.decide(type(local.mount()), quotas, need, now))
              .orElse(new Accept(Accept.Reason.NO_QUOTA));
      return new Judgement(verdict, home, counted);
    }
    return new Judgement(new Unknown(reason(home)), home, Optional.empty());
  }

  /** A mount of the filesystem that these quotas are on; empty if it is gone. */
  public Optional<Mount> mountOf(FilesystemQuotas quotas) {
    return mounts.get().byDevice(quotas.major(), quotas.minor());
  }

  private static Optional<FilesystemQuotas> on(Mount mount, UserQuotas user) {
    return user.filesystems().stream()
        .filter(f -> f.major() == mount.major() && f.minor() == mount.minor())
        .findFirst();
  }

  private static FilesystemType type(Mount mount) {
    return FilesystemType.of(mount.type());
  }

  private static String reason(Place home) {
    return home instanceof Place.Network network
        ? reason(network.mount())
        : "home could not be located: " + ((Place.Failed) home).reason();
  }

  private static String reason(Mount mount) {
    return switch (mount.type()) {
      case "autofs" -> "home is below " + mount.mountPoint() + ", where autofs has mounted nothing";
      case "nfs", "nfs4" -> "home is on NFS " + mount.source() + ", whose quota is not asked yet";
      default ->
          "home is on %s %s, whose quota cannot be asked".formatted(mount.type(), mount.source());
    };
  }
}
