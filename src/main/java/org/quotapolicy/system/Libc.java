// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.Native;
import org.quotapolicy.kernel.Jna;

/**
 * The C library's functions that only the daemon and the commands use, under their C names, for
 * 64-bit Linux: mapped as those of the helper are, which {@code kernel} has.
 */
@SuppressWarnings("IdentifierName")
final class Libc {
  static {
    Native.register(Libc.class, Jna.process());
  }

  private Libc() {}

  // fcntl.h, unistd.h, sys/ioctl.h, sys/statfs.h

  static native int close(int fd);

  static native long read(int fd, long buf, long count);

  static native int ioctl(int fd, long request, long argp);

  static native long readlink(long path, long buf, long bufsiz);

  static native int statfs(long path, long buf);

  /** For system calls that the C library has no function for. */
  static native long syscall(long number, long arg1, long arg2, long arg3, long arg4, long arg5);

  // pwd.h, grp.h: the result is the error number

  static native int getgrnam_r(long name, long grp, long buf, long buflen, long result);

  static native int getpwuid_r(int uid, long pwd, long buf, long buflen, long result);

  static native int getgrgid_r(int gid, long grp, long buf, long buflen, long result);

  // unistd.h, grp.h: those that set change all threads

  static native int geteuid();

  static native int getegid();

  static native int setgroups(long size, long list);

  static native int setresgid(int rgid, int egid, int sgid);

  static native int setresuid(int ruid, int euid, int suid);
}
