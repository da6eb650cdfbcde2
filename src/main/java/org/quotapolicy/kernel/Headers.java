// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

/**
 * What is used of the system's headers, under its C names.
 *
 * <p>A class is a header, a class in it is a struct, {@code SIZE} is its size and a field's value
 * its offset in bytes; the comment says type and unit. src/native-headers has a C program for each
 * header that prints the same names and values; a test compares them, so nothing can be mapped here
 * that no header confirmed. All are compile-time constants: none of these classes is ever loaded.
 */
@SuppressWarnings("IdentifierName")
final class Headers {
  private Headers() {}

  static final class fcntl {
    static final int O_RDONLY = 0;
    static final int O_CLOEXEC = 0x80000;
    static final int O_NONBLOCK = 0x800;
    static final int O_PATH = 0x200000;
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_STATX_DONT_SYNC = 0x4000;

    private fcntl() {}
  }

  static final class linux_openat2 {
    static final int RESOLVE_NO_SYMLINKS = 4;
    static final int RESOLVE_CACHED = 0x20;

    static final class open_how {
      static final int SIZE = 24;
      static final int flags = 0; // u64
      static final int mode = 8; // u64
      static final int resolve = 16; // u64

      private open_how() {}
    }

    private linux_openat2() {}
  }

  static final class sys_syscall {
    static final int SYS_openat2 = 437;
    static final int SYS_quotactl_fd = 443;
    static final int SYS_file_getattr = 468;

    private sys_syscall() {}
  }

  static final class sys_stat {
    static final int S_IFMT = 0xf000;
    static final int S_IFDIR = 0x4000;
    static final int STATX_TYPE = 1;
    static final int STATX_INO = 0x100;
    static final int STATX_SIZE = 0x200;
    static final int STATX_BLOCKS = 0x400;

    static final class statx {
      static final int SIZE = 256;
      static final int stx_mode = 28; // u16
      static final int stx_ino = 32; // u64
      static final int stx_size = 40; // u64, bytes
      static final int stx_blocks = 48; // u64, 512 bytes
      static final int stx_rdev_major = 128; // u32
      static final int stx_rdev_minor = 132; // u32
      static final int stx_dev_major = 136; // u32
      static final int stx_dev_minor = 140; // u32

      private statx() {}
    }

    private sys_stat() {}
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

  static final class linux_quota {
    static final int USRQUOTA = 0;
    static final int GRPQUOTA = 1;
    static final int PRJQUOTA = 2;
    static final int SUBCMDSHIFT = 8;
    static final int Q_GETQUOTA = 0x800007;
    static final int Q_GETNEXTQUOTA = 0x800009;
    static final int QIF_ALL = 0x3f;

    static final class if_dqblk {
      static final int SIZE = 72;
      static final int dqb_bhardlimit = 0; // u64, 1024 bytes
      static final int dqb_bsoftlimit = 8; // u64, 1024 bytes
      static final int dqb_curspace = 16; // u64, bytes
      static final int dqb_ihardlimit = 24; // u64, inodes
      static final int dqb_isoftlimit = 32; // u64, inodes
      static final int dqb_curinodes = 40; // u64, inodes
      static final int dqb_btime = 48; // u64, seconds since the epoch
      static final int dqb_itime = 56; // u64, seconds since the epoch
      static final int dqb_valid = 64; // u32, QIF_*

      private if_dqblk() {}
    }

    static final class if_nextdqblk {
      static final int SIZE = 72;
      static final int dqb_id = 68; // u32; all before it as in if_dqblk

      private if_nextdqblk() {}
    }

    private linux_quota() {}
  }

  static final class linux_dqblk_xfs {
    static final int Q_XGETQUOTA = 0x5803;
    static final int Q_XGETQSTATV = 0x5808;
    static final int Q_XGETNEXTQUOTA = 0x5809;
    static final int FS_QSTATV_VERSION1 = 1;
    static final int FS_DQ_BIGTIME = 0x8000;
    static final int FS_QUOTA_UDQ_ACCT = 0x01;
    static final int FS_QUOTA_UDQ_ENFD = 0x02;
    static final int FS_QUOTA_GDQ_ACCT = 0x04;
    static final int FS_QUOTA_GDQ_ENFD = 0x08;
    static final int FS_QUOTA_PDQ_ACCT = 0x10;
    static final int FS_QUOTA_PDQ_ENFD = 0x20;

    static final class fs_disk_quota {
      static final int SIZE = 112;
      static final int d_fieldmask = 2; // u16, FS_DQ_*
      static final int d_id = 4; // u32
      static final int d_blk_hardlimit = 8; // u64, 512 bytes
      static final int d_blk_softlimit = 16; // u64, 512 bytes
      static final int d_ino_hardlimit = 24; // u64, inodes
      static final int d_ino_softlimit = 32; // u64, inodes
      static final int d_bcount = 40; // u64, 512 bytes
      static final int d_icount = 48; // u64, inodes
      static final int d_itimer = 56; // s32, seconds since the epoch
      static final int d_btimer = 60; // s32, seconds since the epoch
      static final int d_itimer_hi = 68; // s8, 2^32 seconds, if FS_DQ_BIGTIME
      static final int d_btimer_hi = 69; // s8, 2^32 seconds, if FS_DQ_BIGTIME

      private fs_disk_quota() {}
    }

    static final class fs_quota_statv {
      static final int SIZE = 160;
      static final int qs_version = 0; // s8, FS_QSTATV_VERSION1
      static final int qs_flags = 2; // u16, FS_QUOTA_*

      private fs_quota_statv() {}
    }

    private linux_dqblk_xfs() {}
  }

  static final class xfs_xfs {
    static final long XFS_IOC_FSGEOMETRY_V4 = 0x8070587cL;
    static final long XFS_IOC_FSBULKSTAT_SINGLE = 0xc0205866L;
    static final int XFS_FSOP_GEOM_FLAGS_V5SB = 0x8000;
    static final int XFS_FSOP_GEOM_FLAGS_FINOBT = 0x20000;
    static final int XFS_FSOP_GEOM_FLAGS_NREXT64 = 0x800000;

    static final class xfs_fsop_geom_v4 {
      static final int SIZE = 112;
      static final int blocksize = 0; // u32, bytes
      static final int agblocks = 8; // u32, blocks
      static final int inodesize = 24; // u32, bytes
      static final int flags = 92; // u32, XFS_FSOP_GEOM_FLAGS_*
      static final int dirblocksize = 104; // u32, bytes

      private xfs_fsop_geom_v4() {}
    }

    static final class xfs_fsop_bulkreq {
      static final int SIZE = 32;
      static final int lastip = 0; // u64 *
      static final int icount = 8; // s32
      static final int ubuffer = 16; // void *
      static final int ocount = 24; // s32 *

      private xfs_fsop_bulkreq() {}
    }

    static final class xfs_bstat {
      static final int SIZE = 136;
      static final int bs_mode = 8; // u16
      static final int bs_xflags = 96; // u32, FS_XFLAG_*
      static final int bs_projid_lo = 112; // u16
      static final int bs_projid_hi = 116; // u16

      private xfs_bstat() {}
    }

    private xfs_xfs() {}
  }

  static final class pwd {
    static final class passwd {
      static final int SIZE = 48;
      static final int pw_name = 0; // char *
      static final int pw_uid = 16; // u32
      static final int pw_gid = 20; // u32
      static final int pw_dir = 32; // char *

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

  static final class poll {
    static final int POLLPRI = 2;
    static final int POLLERR = 8;

    static final class pollfd {
      static final int SIZE = 8;
      static final int fd = 0; // s32
      static final int events = 4; // s16, POLL*
      static final int revents = 6; // s16, POLL*

      private pollfd() {}
    }

    private poll() {}
  }

  static final class sys_socket {
    static final int AF_UNIX = 1;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_TYPE = 3;
    static final int SO_DOMAIN = 39;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int SHUT_RDWR = 2;

    private sys_socket() {}
  }

  static final class sys_prctl {
    static final int PR_SET_DUMPABLE = 4;

    private sys_prctl() {}
  }

  static final class linux_capability {
    static final int CAP_SYS_ADMIN = 21;

    private linux_capability() {}
  }
}
