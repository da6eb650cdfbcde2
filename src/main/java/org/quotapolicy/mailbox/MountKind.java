// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Set;
import org.quotapolicy.kernel.Mount;

/** Whether touching a path on a mount can block for ever. */
public enum MountKind {
  /** The kernel answers by itself, from memory or from a disk. */
  LOCAL,
  /** Touching a name on it makes the kernel wait for the automounter. */
  AUTOFS,
  /** A server, or a process (FUSE, 9p), must answer, and it may be dead. */
  REMOTE;

  /**
   * The types that are local. A type that is not known counts as remote: then no path on it is
   * touched. Cluster filesystems (gfs2, ocfs2) wait for other machines and are not among them.
   */
  private static final Set<String> LOCAL_TYPES =
      Set.of(
          """
          bcachefs binfmt_misc bpf btrfs cgroup cgroup2 configfs debugfs devpts devtmpfs ecryptfs \
          efivarfs erofs exfat ext2 ext3 ext4 f2fs fusectl hostfs hugetlbfs iso9660 jffs2 jfs \
          minix mqueue msdos nilfs2 nsfs ntfs3 overlay proc pstore ramfs reiserfs rootfs \
          securityfs selinuxfs squashfs sysfs tmpfs tracefs ubifs udf vfat xfs zfs\
          """
              .split(" "));

  /** Keep their files on another filesystem, whose quotas bind. */
  private static final Set<String> STACKED_TYPES = Set.of("aufs", "ecryptfs", "overlay", "unionfs");

  /** Have VFS quotas, though they are not on a single block device. */
  private static final Set<String> ANONYMOUS_QUOTA_TYPES = Set.of("bcachefs", "tmpfs");

  /** The kind of a filesystem that mountinfo calls by this name. */
  public static MountKind of(String type) {
    if (type.equals("autofs")) {
      return AUTOFS;
    }
    return LOCAL_TYPES.contains(type) ? LOCAL : REMOTE;
  }

  /** Whether mounts of this type are of NFS servers, which can be asked for quotas. */
  public static boolean isNfs(String type) {
    return type.equals("nfs") || type.equals("nfs4");
  }

  /** Whether a filesystem of this type only lies over directories of others. */
  public static boolean isStacked(String type) {
    return STACKED_TYPES.contains(type);
  }

  /**
   * Whether the filesystem of a local mount may have quotas that the kernel tells about. Nearly all
   * without a block device cannot: for them, one question is enough.
   */
  static boolean mayHaveQuotas(Mount mount) {
    return mount.major() != 0 || ANONYMOUS_QUOTA_TYPES.contains(mount.type());
  }
}
