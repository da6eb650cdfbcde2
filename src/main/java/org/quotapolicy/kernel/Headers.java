// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

/**
 * What is used of the system's headers, under its C names.
 *
 * <p>A class is a header, a class in it is a struct, {@code SIZE} is its size and a field's value
 * its offset in bytes; the comment says type and unit. src/native-headers has a C program for each
 * header that prints the same names and values; a test compares them, so nothing can be mapped here
 * that no header confirmed. What only the daemon uses is in package {@code system}. All are
 * compile-time constants: none of these classes is ever loaded.
 */
@SuppressWarnings("IdentifierName")
final class Headers {
  private Headers() {}

  static final class fcntl {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_TRUNC = 0x200;
    static final int O_CLOEXEC = 0x80000;
    static final int O_NONBLOCK = 0x800;
    static final int O_PATH = 0x200000;
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_STATX_DONT_SYNC = 0x4000;
    static final int F_DUPFD = 0;
    static final int F_GETFD = 1;
    static final int F_SETFD = 2;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;

    private fcntl() {}
  }

  static final class sys_syscall {
    static final int SYS_quotactl_fd = 443;

    private sys_syscall() {}
  }

  static final class sys_stat {
    static final int S_IFMT = 0xf000;
    static final int S_IFDIR = 0x4000;

    static final class statx {
      static final int SIZE = 256;
      static final int stx_rdev_major = 128; // u32
      static final int stx_rdev_minor = 132; // u32
      static final int stx_dev_major = 136; // u32
      static final int stx_dev_minor = 140; // u32

      private statx() {}
    }

    private sys_stat() {}
  }

  static final class linux_fs {
    static final int FS_XFLAG_PROJINHERIT = 0x200;

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
      static final int qs_btimelimit = 80; // s32, seconds
      static final int qs_itimelimit = 84; // s32, seconds

      private fs_quota_statv() {}
    }

    private linux_dqblk_xfs() {}
  }

  static final class xfs_xfs {
    static final long XFS_IOC_FSBULKSTAT_SINGLE = 0xc0205866L;

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
      static final int pw_uid = 16; // u32
      static final int pw_gid = 20; // u32
      static final int pw_dir = 32; // char *

      private passwd() {}
    }

    private pwd() {}
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
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
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
    static final int PR_SET_NAME = 15;

    private sys_prctl() {}
  }

  static final class linux_capability {
    static final int CAP_SYS_ADMIN = 21;

    private linux_capability() {}
  }

  static final class linux_filter {
    static final int BPF_LD = 0;
    static final int BPF_ALU = 4;
    static final int BPF_JMP = 5;
    static final int BPF_RET = 6;
    static final int BPF_W = 0;
    static final int BPF_ABS = 0x20;
    static final int BPF_AND = 0x50;
    static final int BPF_JEQ = 0x10;
    static final int BPF_JGE = 0x30;
    static final int BPF_K = 0;

    static final class sock_filter {
      static final int SIZE = 8;
      static final int code = 0; // u16, BPF_*
      static final int jt = 2; // u8, instructions to skip
      static final int jf = 3; // u8, instructions to skip
      static final int k = 4; // u32

      private sock_filter() {}
    }

    static final class sock_fprog {
      static final int SIZE = 16;
      static final int len = 0; // u16, instructions
      static final int filter = 8; // struct sock_filter *

      private sock_fprog() {}
    }

    private linux_filter() {}
  }

  static final class linux_seccomp {
    static final int SECCOMP_MODE_FILTER = 2;
    static final int SECCOMP_SET_MODE_FILTER = 1;
    static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    static final int SECCOMP_RET_ERRNO = 0x50000;
    static final int SECCOMP_RET_ALLOW = 0x7fff0000;

    static final class seccomp_data {
      static final int SIZE = 64;
      static final int nr = 0; // s32
      static final int arch = 4; // u32, AUDIT_ARCH_*
      static final int args = 16; // 6 u64

      private seccomp_data() {}
    }

    private linux_seccomp() {}
  }

  static final class linux_audit {
    static final long AUDIT_ARCH_X86_64 = 0xc000003eL;
    static final long AUDIT_ARCH_AARCH64 = 0xc00000b7L;

    private linux_audit() {}
  }

  static final class linux_sched {
    static final int CLONE_VM = 0x100;
    static final int CLONE_THREAD = 0x10000;
    static final int CLONE_NEWNS = 0x20000;
    static final int CLONE_NEWCGROUP = 0x2000000;
    static final int CLONE_NEWUTS = 0x4000000;
    static final int CLONE_NEWIPC = 0x8000000;
    static final int CLONE_NEWUSER = 0x10000000;
    static final int CLONE_NEWPID = 0x20000000;
    static final int CLONE_NEWNET = 0x40000000;

    private linux_sched() {}
  }

  static final class sys_mman {
    static final int MADV_DONTNEED = 4;
    static final int MADV_FREE = 8;

    private sys_mman() {}
  }
}
