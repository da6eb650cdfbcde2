// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.quotapolicy.kernel.Blocks;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountWatch;
import org.quotapolicy.kernel.XfsGeometry;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
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
public final class Mailbox implements Judge {
  /** Of XFS, in bytes: stands in for a block size that is not known. */
  private static final int SMALLEST_BLOCK = 512;

  private final MountSource mounts;
  private final LinkReader links;
  private final BlockSizes sizes;
  private final XfsLayout xfsLayout;
  private final Projects projects;
  private final PerDevice<XfsGeometry> layouts = new PerDevice<>();

  Mailbox(
      MountSource mounts,
      LinkReader links,
      BlockSizes sizes,
      XfsLayout xfsLayout,
      Projects projects) {
    this.mounts = mounts;
    this.links = links;
    this.sizes = sizes;
    this.xfsLayout = xfsLayout;
    this.projects = projects;
  }

  /** Mailboxes on this machine. The mount table is watched until the process ends. */
  public static Mailbox onThisMachine() throws IOException {
    return new Mailbox(
        CurrentMounts.of(MountWatch.open()),
        new KernelLinks(),
        new BlockSizes(Mailbox::statfs),
        xfs -> XfsGeometry.of(xfs.mountPoint(), xfs.major(), xfs.minor()),
        Projects.onThisMachine());
  }

  @Override
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
      return judge(user, table, local, need, now);
    }
    return home instanceof Place.Network network
        ? unknown(home, elsewhere(network.mount()))
        : unknown(home, "home could not be located: " + ((Place.Failed) home).reason());
  }

  private Judgement judge(
      UserQuotas user, MountTable table, Place.Local home, Need need, Instant now) {
    Mount mount = home.mount();
    Optional<FilesystemQuotas> counted = on(mount, user);
    if (counted.isPresent()) {
      FilesystemType type = FilesystemType.of(mount.type());
      int blockSize = sizes.of(table, mount, home.path());
      Need there =
          type == FilesystemType.XFS
              ? need.atLeast(creation(table, counted.get(), blockSize))
              : need;
      Verdict verdict = Rule.decide(type, counted.get(), blockSize, there, now, Errno::name);
      return withProject(new Judgement(verdict, home, counted, Optional.empty()), home);
    }
    if (MountKind.isStacked(mount.type())) {
      return unknown(home, stacked(mount));
    }
    Optional<Unasked> unasked =
        MountKind.mayHaveQuotas(mount)
            ? Optional.of(Unasked.all(Device.of(mount)))
            : Optional.empty();
    return new Judgement(new Accept(Accept.Reason.NO_QUOTA), home, counted, unasked);
  }

  /** A refusal stands, whatever the project's quota may be. */
  private Judgement withProject(Judgement others, Place.Local home) {
    Optional<Quota> unasked =
        others.counted().stream()
            .flatMap(filesystem -> filesystem.quotas().stream())
            .filter(quota -> quota.state() == QuotaState.UNASKED)
            .findFirst();
    if (unasked.isEmpty() || others.verdict() instanceof Verdict.Refuse) {
      return others;
    }
    Projects.Result project = projects.of(home, unasked.get());
    if (project instanceof Projects.Result.Unknown unknown) {
      Verdict verdict = new Unknown(unknown.reason());
      return new Judgement(verdict, home, others.counted(), Optional.empty());
    }
    Project named = ((Projects.Result.Named) project).project();
    Unasked missing = new Unasked(Device.of(home.mount()), named);
    return new Judgement(others.verdict(), home, others.counted(), Optional.of(missing));
  }

  /** A mount of the filesystem that these quotas are on; empty if there is none any more. */
  public Optional<Mount> mountOf(FilesystemQuotas quotas) throws IOException {
    return mounts.now().byDevice(Device.of(quotas));
  }

  /** Bytes in which the filesystem of a mount gives out space; 0 = not known, or not local. */
  public int blockSize(Mount mount) throws IOException {
    MountTable table = mounts.now();
    Place place = table.resolve(mount.mountPoint(), links);
    return place instanceof Place.Local local && local.mount().equals(mount)
        ? sizes.of(table, mount, mount.mountPoint())
        : 0;
  }

  private static int statfs(String path) {
    return Blocks.size(path) instanceof Blocks.Reply.Size size ? size.bytes() : 0;
  }

  private static Optional<FilesystemQuotas> on(Mount mount, UserQuotas user) {
    return user.filesystems().stream()
        .filter(filesystem -> Device.of(filesystem).equals(Device.of(mount)))
        .findFirst();
  }

  private long creation(MountTable table, FilesystemQuotas xfs, int blockSize) {
    Device device = Device.of(xfs);
    XfsGeometry layout =
        layouts
            .get(table, device, () -> table.byDevice(device).flatMap(xfsLayout::of))
            .orElse(XfsCreation.least(blockSize == 0 ? SMALLEST_BLOCK : blockSize));
    return XfsCreation.bytes(layout);
  }

  /** The kernel does refuse there: the directory below belongs to a filesystem with quotas. */
  private static String stacked(Mount mount) {
    return "home is on %s %s, whose quotas are those of another filesystem"
        .formatted(mount.type(), mount.mountPoint());
  }

  private static String elsewhere(Mount mount) {
    if (MountKind.isStacked(mount.type())) {
      return stacked(mount);
    }
    return switch (mount.type()) {
      case "autofs" -> "home is below " + mount.mountPoint() + ", where autofs has mounted nothing";
      case "nfs", "nfs4" -> "home is on NFS " + mount.source() + ", whose quota is not asked yet";
      default ->
          "home is on %s %s, whose quota cannot be asked".formatted(mount.type(), mount.source());
    };
  }

  private static Judgement unknown(Place home, String reason) {
    return new Judgement(new Unknown(reason), home, Optional.empty(), Optional.empty());
  }
}
