// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountWatch;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.system.Blocks;
import org.quotapolicy.system.FileSpace;
import org.quotapolicy.system.XfsGeometry;
import org.quotapolicy.verdict.Need;

/** Says whether a message fits into a user's mailboxes. Safe for threads. */
public final class Mailbox implements Judge {
  private final MountSource mounts;
  private final LinkReader links;
  private final Geometry geometry;
  private final Function<String, FileSpace.Reply> files;
  private final Projects projects;
  private final Groups groups;

  /**
   * Mailboxes that are found by these.
   *
   * @param files gives the space of a file; may block
   */
  Mailbox(
      MountSource mounts,
      LinkReader links,
      Geometry geometry,
      Function<String, FileSpace.Reply> files,
      Projects projects,
      Groups groups) {
    this.mounts = mounts;
    this.links = links;
    this.geometry = geometry;
    this.files = files;
    this.projects = projects;
    this.groups = groups;
  }

  /** Mailboxes on this machine. The mount table is watched until the process ends. */
  public static Mailbox onThisMachine() throws IOException {
    return new Mailbox(
        CurrentMounts.of(MountWatch.open()),
        new KernelLinks(),
        new Geometry(
            new BlockSizes(Mailbox::statfs),
            xfs -> XfsGeometry.of(xfs.mountPoint(), xfs.major(), xfs.minor())),
        FileSpace::of,
        Projects.onThisMachine(),
        Groups.onThisMachine());
  }

  private static int statfs(String path) {
    return Blocks.size(path) instanceof Blocks.Reply.Size size ? size.bytes() : 0;
  }

  @Override
  public Judgement judge(AccountQuotas account, Mailboxes mailboxes, Need message, Instant now) {
    try {
      Hearing hearing =
          new Hearing(
              mounts.now(),
              links,
              geometry,
              files,
              projects,
              groups,
              account,
              message,
              Earlier.NOTHING,
              now);
      return new Judgement(
          mailboxes instanceof Mailboxes.At at ? hearing.judge(at) : hearing.judgeAll());
    } catch (IOException e) {
      String reason = "the mount table could not be read: " + e.getMessage();
      return new Judgement(List.of(Judged.unknown("", message, reason)));
    }
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

  /** Of each filesystem of an NFS server, as far as the kernel can tell them apart, a mount. */
  public List<Mount> nfsFilesystems() throws IOException {
    MountTable table = mounts.now();
    return table.mounts().stream()
        .filter(mount -> MountKind.isNfs(mount.type()))
        .filter(mount -> table.byDevice(Device.of(mount)).filter(mount::equals).isPresent())
        .toList();
  }

  /** The mount that holds a path, or would hold it if it existed. */
  public Place locate(String path) throws IOException {
    return mounts.now().resolve(path, links);
  }

  /** The symbolic links on the way to a path, in order, each with what it points to. */
  public Map<String, String> linksTo(String path) throws IOException {
    Map<String, String> followed = new LinkedHashMap<>();
    var unused = mounts.now().resolve(path, name -> note(name, links.read(name), followed));
    return followed;
  }

  private static Symlink note(String name, Symlink found, Map<String, String> followed) {
    if (found instanceof Symlink.Target link) {
      followed.put(name, link.path());
    }
    return found;
  }

  /** What a message takes in a Maildir on the filesystem of a mount. */
  public Need needOn(Mount mount, Need message) throws IOException {
    MountTable table = mounts.now();
    return geometry.needInMaildir(table, mount, blockSize(mount), message, links);
  }

  /** A mount of the filesystem that these quotas are on; empty if there is none any more. */
  public Optional<Mount> mountOf(FilesystemQuotas quotas) throws IOException {
    return mounts.now().byDevice(Device.of(quotas));
  }

  /** Bytes in which the filesystem of a mount gives out space; 0 = not known, or not local. */
  public int blockSize(Mount mount) throws IOException {
    MountTable table = mounts.now();
    return table.isReachable(mount, links)
        ? geometry.blockSize(table, mount, mount.mountPoint())
        : 0;
  }
}
