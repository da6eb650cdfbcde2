// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

/**
 * What only the daemon and the commands use of the system's headers, under its C names; written and
 * proved as the {@code Headers} of package {@code kernel} are.
 */
@SuppressWarnings("IdentifierName")
final class Headers {
  private Headers() {}

  static final class fcntl {
    static final int O_RDONLY = 0;
    static final int O_NONBLOCK = 0x800;
    static final int O_PATH = 0x200000;
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_TRUNC = 0x200;

    private fcntl() {}
  }

  static final class sys_syscall {
    static final int SYS_landlock_create_ruleset = 444;
    static final int SYS_landlock_add_rule = 445;
    static final int SYS_landlock_restrict_self = 446;
    static final int SYS_file_getattr = 468;

    private sys_syscall() {}
  }

  static final class sys_stat {
    static final int S_IFMT = 0xf000;
    static final int S_IFDIR = 0x4000;
    static final int S_ISGID = 0x400;
    static final int S_IWGRP = 0x10;
    static final int S_IWOTH = 2;
    static final int STATX_TYPE = 1;
    static final int STATX_MODE = 2;
    static final int STATX_GID = 0x10;
    static final int STATX_INO = 0x100;
    static final int STATX_SIZE = 0x200;
    static final int STATX_BLOCKS = 0x400;

    static final class statx {
      static final int SIZE = 256;
      static final int stx_gid = 24; // u32
      static final int stx_mode = 28; // u16
      static final int stx_ino = 32; // u64
      static final int stx_size = 40; // u64, bytes
      static final int stx_blocks = 48; // u64, 512 bytes

      private statx() {}
    }

    private sys_stat() {}
  }

  static final class sys_socket {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;

    private sys_socket() {}
  }

  static final class sys_statfs {
    static final class statfs {
      static final int SIZE = 120;
      static final int f_bsize = 8; // long, bytes

      private statfs() {}
    }

    private sys_statfs() {}
  }

  static final class linux_fs {
    static final long FS_IOC_FSGETXATTR = 0x801c581fL;
    static final int FS_XFLAG_PROJINHERIT = 0x200;

    static final class fsxattr {
      static final int SIZE = 28;
      static final int fsx_xflags = 0; // u32, FS_XFLAG_*
      static final int fsx_projid = 12; // u32

      private fsxattr() {}
    }

    static final class file_attr {
      static final int SIZE = 24;
      static final int fa_xflags = 0; // u64, FS_XFLAG_*
      static final int fa_projid = 16; // u32

      private file_attr() {}
    }

    private linux_fs() {}
  }

  static final class linux_landlock {
    static final int LANDLOCK_CREATE_RULESET_VERSION = 1;
    static final int LANDLOCK_RESTRICT_SELF_TSYNC = 8;
    static final int LANDLOCK_RULE_PATH_BENEATH = 1;
    static final int LANDLOCK_RULE_NET_PORT = 2;
    static final long LANDLOCK_ACCESS_FS_READ_FILE = 4;
    static final long LANDLOCK_ACCESS_FS_READ_DIR = 8;
    static final long LANDLOCK_ACCESS_FS_REMOVE_FILE = 0x20;
    static final long LANDLOCK_ACCESS_FS_IOCTL_DEV = 0x8000;
    static final long LANDLOCK_ACCESS_FS_RESOLVE_UNIX = 0x1_0000;
    static final long LANDLOCK_ACCESS_NET_BIND_TCP = 1;
    static final long LANDLOCK_ACCESS_NET_BIND_UDP = 4;
    static final long LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET = 1;
    static final long LANDLOCK_SCOPE_SIGNAL = 2;

    static final class landlock_ruleset_attr {
      static final int handled_access_fs = 0; // u64, LANDLOCK_ACCESS_FS_*
      static final int handled_access_net = 8; // u64, LANDLOCK_ACCESS_NET_*
      static final int scoped = 16; // u64, LANDLOCK_SCOPE_*

      private landlock_ruleset_attr() {}
    }

    static final class landlock_path_beneath_attr {
      static final int SIZE = 12;
      static final int allowed_access = 0; // u64, LANDLOCK_ACCESS_FS_*
      static final int parent_fd = 8; // s32

      private landlock_path_beneath_attr() {}
    }

    static final class landlock_net_port_attr {
      static final int SIZE = 16;
      static final int allowed_access = 0; // u64, LANDLOCK_ACCESS_NET_*
      static final int port = 8; // u64

      private landlock_net_port_attr() {}
    }

    private linux_landlock() {}
  }

  static final class xfs_xfs {
    static final long XFS_IOC_FSGEOMETRY_V4 = 0x8070587cL;
    static final int XFS_FSOP_GEOM_FLAGS_V5SB = 0x8000;
    static final int XFS_FSOP_GEOM_FLAGS_FINOBT = 0x20000;
    static final int XFS_FSOP_GEOM_FLAGS_NREXT64 = 0x800000;
    static final int XFS_FSOP_GEOM_FLAGS_PARENT = 0x200_0000;

    static final class xfs_fsop_geom_v4 {
      static final int SIZE = 112;
      static final int blocksize = 0; // u32, bytes
      static final int agblocks = 8; // u32, blocks
      static final int inodesize = 24; // u32, bytes
      static final int flags = 92; // u32, XFS_FSOP_GEOM_FLAGS_*
      static final int dirblocksize = 104; // u32, bytes

      private xfs_fsop_geom_v4() {}
    }

    private xfs_xfs() {}
  }

  static final class pwd {
    static final class passwd {
      static final int SIZE = 48;
      static final int pw_name = 0; // char *

      private passwd() {}
    }

    private pwd() {}
  }

  static final class grp {
    static final class group {
      static final int SIZE = 32;
      static final int gr_name = 0; // char *
      static final int gr_gid = 16; // u32

      private group() {}
    }

    private grp() {}
  }
}
