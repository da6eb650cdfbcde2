// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A new filesystem of one kind, with a home for each {@link StoreUser}. */
final class StoreDisk implements AutoCloseable {
  static final String MOUNT_POINT = "/srv/stores";

  /** Is there once {@link #makeSpool} was called. */
  static final String SPOOL = MOUNT_POINT + "/spool";

  static final int USER = 0;
  static final int GROUP = 1;
  static final int PROJECT = 2;

  private static final String SMALL = "/dev/ubde";

  /** 1 TiB, nearly all of it a hole. */
  private static final String LARGE = "/dev/ubdf";

  /** No device node: its mount point stands for it. */
  private static final String TMPFS = "tmpfs";

  private static final String FEATURE = "mkfs.ext4 -q -F -O quota -b ";
  private static final String XFS = "mkfs.xfs -q -f -K ";
  private static final String PROJECTS =
      "mkfs.ext4 -q -F -O quota,project -E quotatype=usrquota:grpquota:prjquota -b 4096";

  /** As mkfs.xfs -n parent=1 does on a new filesystem, of which the packaged one is too old. */
  private static final String PARENTS =
      "&& old=$(xfs_db -r -c 'sb 0' -c 'print features_incompat' %1$s | cut -d' ' -f3)"
          + " && xfs_db -x -c 'sb 0' -c \"write -d features_incompat $((old | 0x80))\" %1$s";

  private static final String BOTH = "usrquota,grpquota";
  private static final String XFS_BOTH = "uquota,gquota";
  private static final String TMPFS_LIMITS =
      BOTH
          + ",usrquota_block_hardlimit=256k,usrquota_inode_hardlimit=6"
          + ",grpquota_block_hardlimit=384k,grpquota_inode_hardlimit=9";

  /** What a filesystem can be; {@code blockSize} is that in which it gives out space. */
  enum Kind {
    EXT4(FEATURE + "4096", BOTH, 4096),
    EXT4_1K(FEATURE + "1024", BOTH, 1024),
    EXT4_2K(FEATURE + "2048", BOTH, 2048),
    EXT4_USER_ONLY(FEATURE + "4096", "usrquota", 4096),
    EXT4_GROUP_ONLY(FEATURE + "4096", "grpquota", 4096),
    EXT4_ACCOUNTED(FEATURE + "4096", "defaults", 4096),
    EXT4_VFSV0("mkfs.ext4 -q -F -b 4096", legacy("vfsv0"), 4096),
    EXT4_VFSV1("mkfs.ext4 -q -F -b 4096", legacy("vfsv1"), 4096),
    EXT4_JOURNALED(FEATURE + "4096", BOTH + ",data=journal", 4096),
    EXT3("mkfs.ext3 -q -F -b 4096", legacy("vfsv1"), 4096),
    EXT3_1K("mkfs.ext3 -q -F -b 1024", legacy("vfsv0"), 1024),
    EXT2_1K("mkfs.ext2 -q -F -b 1024", BOTH, 1024),
    XFS_USER_AND_GROUP(XFS, XFS_BOTH, 4096),
    XFS_USER_ONLY(XFS, "uquota", 4096),
    XFS_GROUP_ONLY(XFS, "gquota", 4096),
    XFS_ACCOUNTED(XFS, "uqnoenforce,gqnoenforce", 4096),
    XFS_HALF_ENFORCED(XFS, "uqnoenforce,gquota", 4096),
    XFS_1K(XFS + "-b size=1024", XFS_BOTH, 1024),
    XFS_DIRECTORY_8K(XFS + "-n size=8192", XFS_BOTH, 4096),
    XFS_INODE_2K(XFS + "-i size=2048", XFS_BOTH, 4096),
    XFS_NO_FINOBT(XFS + "-m finobt=0,rmapbt=0,reflink=0,inobtcount=0", XFS_BOTH, 4096),
    XFS_V4(XFS + "-m crc=0", XFS_BOTH, 4096),
    XFS_NREXT64(XFS + "-i nrext64=1", XFS_BOTH, 4096),
    XFS_LARGE(XFS + "-l size=64m", XFS_BOTH, 4096, LARGE),
    EXT4_PROJECT(PROJECTS, BOTH + ",prjquota", 4096, Homes.OPEN),
    EXT4_PROJECT_LISTED(PROJECTS, "prjquota", 4096, Homes.LISTED),
    EXT4_PROJECT_ZERO(PROJECTS, "prjquota", 4096, Homes.WITHOUT),
    EXT4_PROJECT_ACCOUNTED(PROJECTS, "usrquota", 4096, Homes.HIDDEN),
    XFS_PROJECT(XFS, XFS_BOTH + ",pquota", 4096, Homes.HIDDEN),
    XFS_PROJECT_OPEN(XFS, "pquota", 4096, Homes.OPEN),
    XFS_PROJECT_ZERO(XFS, "uquota,pquota", 4096, Homes.WITHOUT),
    XFS_PROJECT_ACCOUNTED(XFS, "uquota,pqnoenforce", 4096, Homes.HIDDEN),
    XFS_PARENTS(XFS, XFS_BOTH, 4096),
    XFS_PARENTS_NREXT64(XFS + "-i nrext64=1", XFS_BOTH, 4096, LARGE),
    XFS_PARENTS_1K(XFS + "-b size=1024", XFS_BOTH, 1024),
    TMPFS_USER_AND_GROUP(TMPFS, BOTH, 4096, MOUNT_POINT),
    TMPFS_USER_ONLY(TMPFS, "usrquota", 4096, MOUNT_POINT),
    TMPFS_GROUP_ONLY(TMPFS, "grpquota", 4096, MOUNT_POINT),
    TMPFS_DEFAULTS(TMPFS, TMPFS_LIMITS, 4096, MOUNT_POINT);

    private final String mkfs;
    private final String options;
    private final int blockSize;
    private final String device;
    private final Homes homes;

    Kind(String mkfs, String options, int blockSize) {
      this(mkfs, options, blockSize, SMALL);
    }

    Kind(String mkfs, String options, int blockSize, String device) {
      this(mkfs, options, blockSize, device, Homes.WITHOUT);
    }

    Kind(String mkfs, String options, int blockSize, Homes homes) {
      this(mkfs, options, blockSize, SMALL, homes);
    }

    Kind(String mkfs, String options, int blockSize, String device, Homes homes) {
      this.mkfs = mkfs;
      this.options = options;
      this.blockSize = blockSize;
      this.device = device;
      this.homes = homes;
    }

    private static String legacy(String format) {
      return "usrjquota=aquota.user,grpjquota=aquota.group,jqfmt=" + format;
    }

    boolean isXfs() {
      return mkfs.startsWith(XFS);
    }

    boolean isTmpfs() {
      return mkfs.equals(TMPFS);
    }

    /** Whether its files say in which directories they are. */
    boolean hasParentPointers() {
      return name().startsWith("XFS_PARENTS");
    }

    /** Whether the packaged kernel of the lab is too old for it. */
    boolean needsNewKernel() {
      return isTmpfs() || hasParentPointers();
    }

    private String make() {
      return isTmpfs()
          ? "mount -t tmpfs -o %s tmpfs %s".formatted(options, MOUNT_POINT)
          : "%1$s %3$s %5$s && mount -o %2$s %3$s %4$s"
              .formatted(
                  mkfs,
                  options,
                  device,
                  MOUNT_POINT,
                  hasParentPointers() ? PARENTS.formatted(device) : "");
    }

    int blockSize() {
      return blockSize;
    }

    boolean hasProjects() {
      return name().contains("_PROJECT");
    }

    /** The quota types that it counts. */
    List<Integer> types() {
      if (hasProjects()) {
        return isXfs() && !options.startsWith("uquota") ? List.of(PROJECT) : ofMany();
      }
      List<Integer> types = new ArrayList<>();
      if (!name().endsWith("_GROUP_ONLY")) {
        types.add(USER);
      }
      if (!name().endsWith("_USER_ONLY")) {
        types.add(GROUP);
      }
      return types;
    }

    private List<Integer> ofMany() {
      return !isXfs() || options.contains("gquota")
          ? List.of(USER, GROUP, PROJECT)
          : List.of(USER, PROJECT);
    }

    /**
     * Whether the daemon must open a file itself to learn whose project's it is: without
     * file_getattr(2) of Linux 6.17.
     */
    boolean hidesProjectOfFiles() {
      return (this == EXT4_PROJECT || this == EXT4_PROJECT_ZERO) && !Kernel.isAtLeast(6, 17);
    }

    /** Whose quota a new message is charged to. */
    long id(int type, StoreUser user) {
      return switch (type) {
        case USER -> user.uid();
        case GROUP -> user.gid();
        default -> homes == Homes.WITHOUT ? 0 : user.project();
      };
    }

    private String quotaon() {
      if (this == EXT2_1K) {
        return " && quotacheck -cugm -F vfsv0 %1$s && quotaon -ug %1$s".formatted(MOUNT_POINT);
      }
      return options.startsWith("usrjquota")
          ? " && quotacheck -cugm -F %s %s && quotaon -ug %s"
              .formatted(options.substring(options.length() - 5), MOUNT_POINT, MOUNT_POINT)
          : "";
    }
  }

  /** How homes stand to projects. */
  private enum Homes {
    /** Have one that they do not hand on. */
    WITHOUT,
    /** Hand it on, and everybody may open them. */
    OPEN,
    /** Only their owners may open them. */
    HIDDEN,
    /** The same, and /etc/projects lists them. */
    LISTED
  }

  private final Kind kind;

  private StoreDisk(Kind kind) {
    this.kind = kind;
  }

  /** The one there is, if it is of this kind; else another in its place. */
  static StoreDisk ofKind(Kind kind, @Nullable StoreDisk before) {
    if (before != null && before.kind() == kind) {
      return before;
    }
    if (before != null) {
      before.close();
    }
    return make(kind);
  }

  static StoreDisk make(Kind kind) {
    Guest.must("mkdir -p " + MOUNT_POINT + " && " + kind.make() + kind.quotaon());
    StringBuilder homes = new StringBuilder("cd " + MOUNT_POINT);
    for (StoreUser user : StoreUser.ALL) {
      homes.append(
          " && install -d -m %4$s -o %1$d -g %2$d %3$s %3$s/tmp"
              .formatted(user.uid(), user.gid(), user.name(), mode(kind)));
      homes.append(kind.hasProjects() ? project(kind, user) : "");
    }
    Guest.must(homes.toString());
    return new StoreDisk(kind);
  }

  private static String project(Kind kind, StoreUser user) {
    String set = project(kind, user.project());
    String listed = " && echo %d:%s >>/etc/projects".formatted(user.project(), user.home());
    return set.formatted(user.name())
        + set.formatted(user.name() + "/tmp")
        + (kind.homes == Homes.LISTED ? listed : "");
  }

  private static String mode(Kind kind) {
    boolean isOpen = kind.homes == Homes.OPEN || kind == Kind.EXT4_PROJECT_ZERO;
    return isOpen ? "0755" : "0711";
  }

  /** The flag P hands the project on to what is made in a directory. */
  private static String project(Kind kind, long id) {
    boolean handsOn = kind.homes != Homes.WITHOUT;
    return kind.isXfs()
        ? " && xfs_io -c 'chproj %d' %s %%s".formatted(id, handsOn ? "-c 'chattr +P'" : "")
        : " && chattr -p %d %s %%s".formatted(id, handsOn ? "+P" : "");
  }

  /** An empty spool of this group and mode, whatever was there. */
  void makeSpool(long group, String mode) {
    Guest.must(
        "rm -rf %1$s && mkdir %1$s && chgrp %2$d %1$s && chmod %3$s %1$s"
            .formatted(SPOOL, group, mode));
  }

  /** Makes a further directory in a user's home. */
  void directory(StoreUser owner, String name, long project) {
    Guest.must(
        "cd %3$s && install -d -m %5$s -o %1$d -g %2$d %4$s"
                .formatted(owner.uid(), owner.gid(), owner.home(), name, mode(kind))
            + project(kind, project).formatted(name));
  }

  Kind kind() {
    return kind;
  }

  String device() {
    return kind.device;
  }

  @Override
  public void close() {
    Guest.sh("rm -f /etc/projects; umount " + MOUNT_POINT);
  }
}
