// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.quotapolicy.kernel.Blocks;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountWatch;
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
public final class Mailbox implements Judge {
  /** Of XFS, in bytes: stands in for a block size that is not known. */
  private static final int SMALLEST_BLOCK = 512;

  private final MountSource mounts;
  private final LinkReader links;
  private final BlockSizes sizes;
  private final XfsLayout xfsLayout;
  private final PerDevice<XfsCreation> creations = new PerDevice<>();

  Mailbox(MountSource mounts, LinkReader links, BlockSizes sizes, XfsLayout xfsLayout) {
    this.mounts = mounts;
    this.links = links;
    this.sizes = sizes;
    this.xfsLayout = xfsLayout;
  }

  /** Mailboxes on this machine. The mount table is watched until the process ends. */
  public static Mailbox onThisMachine() throws IOException {
    return new Mailbox(
        CurrentMounts.of(MountWatch.open()),
        new KernelLinks(),
        new BlockSizes(Mailbox::statfs),
        new KernelXfsLayout());
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
              ? need.atLeast(creation(table, Device.of(mount), blockSize))
              : need;
      Verdict verdict = Rule.decide(type, counted.get(), blockSize, there, now, Errno::name);
      return new Judgement(verdict, home, counted, Optional.empty());
    }
    if (MountKind.isStacked(mount.type())) {
      return unknown(home, stacked(mount));
    }
    Optional<Device> unasked =
        MountKind.mayHaveQuotas(mount) ? Optional.of(Device.of(mount)) : Optional.empty();
    return new Judgement(new Accept(Accept.Reason.NO_QUOTA), home, counted, unasked);
  }

  /** Of each local filesystem that may have quotas, a mount. */
  public List<Mount> filesystems() throws IOException {
    MountTable table = mounts.now();
    return table.mounts().stream()
        .filter(mount -> MountKind.of(mount.type()) == MountKind.LOCAL)
        .filter(MountKind::mayHaveQuotas)
        .filter(mount -> table.byDevice(Device.of(mount)).filter(mount::equals).isPresent())
        .toList();
  }

  /** The mount that holds a path, or would hold it if it existed. */
  public Place locate(String path) throws IOException {
    return mounts.now().resolve(path, links);
  }

  /** What a message takes on the filesystem of a mount. */
  public Need needOn(Mount mount, Need need) throws IOException {
    return FilesystemType.of(mount.type()) == FilesystemType.XFS
        ? need.atLeast(creation(mounts.now(), Device.of(mount), blockSize(mount)))
        : need;
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

  private long creation(MountTable table, Device device, int blockSize) {
    return creations
        .get(table, device, () -> table.byDevice(device).flatMap(xfsLayout::of))
        .orElse(XfsCreation.least(blockSize == 0 ? SMALLEST_BLOCK : blockSize))
        .bytes();
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
