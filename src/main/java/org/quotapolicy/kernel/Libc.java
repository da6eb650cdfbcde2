// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library's functions that are used, under their C names, for 64-bit Linux.
 *
 * <p>Pointers and size_t are {@code long}: a pointer is the address of a {@link NativeBuffer}, or
 * 0. Direct mapping, no search for a library, no conversion: a call costs less than two
 * microseconds. After a function that says so by its result, errno is {@link
 * Native#getLastError()}.
 */
@SuppressWarnings("IdentifierName")
final class Libc {
  static {
    // Otherwise JNA forks ldconfig(8) to learn where libraries are: nothing here needs to know.
    if (System.getProperty("jna.platform.library.path") == null) {
      System.setProperty("jna.platform.library.path", "");
    }
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  // fcntl.h, unistd.h, poll.h

  /** open(2), without a mode: nothing here makes a file. */
  static native int open(long path, int flags);

  static native int close(int fd);

  static native int dup2(int oldfd, int newfd);

  static native long pread(int fd, long buf, long count, long offset);

  static native long readlink(long path, long buf, long bufsiz);

  static native int poll(long fds, long nfds, int timeout);

  // sys/socket.h

  static native int socketpair(int domain, int type, int protocol, long sv);

  static native int getsockopt(int sockfd, int level, int optname, long optval, long optlen);

  static native long recv(int sockfd, long buf, long len, int flags);

  static native long send(int sockfd, long buf, long len, int flags);

  static native int shutdown(int sockfd, int how);

  // pwd.h, grp.h: the result is the error number

  static native int getpwnam_r(long name, long pwd, long buf, long buflen, long result);

  static native int getgrnam_r(long name, long grp, long buf, long buflen, long result);

  static native int getpwuid_r(int uid, long pwd, long buf, long buflen, long result);

  static native int getgrgid_r(int gid, long grp, long buf, long buflen, long result);

  // sys/quota.h, sys/stat.h, sys/statfs.h

  static native int quotactl(int cmd, long special, int id, long addr);

  static native int statx(int dirfd, long path, int flags, int mask, long statxbuf);

  static native int statfs(long path, long buf);

  static native int ioctl(int fd, long request, long argp);

  /** For system calls that the C library has no function for. */
  static native long syscall(long number, long arg1, long arg2, long arg3, long arg4, long arg5);

  // unistd.h, grp.h, sys/prctl.h: setgroups, setresgid, setresuid change all threads

  static native int getpid();

  static native int geteuid();

  static native int getegid();

  static native int setgroups(long size, long list);

  static native int setresgid(int rgid, int egid, int sgid);

  static native int setresuid(int ruid, int euid, int suid);

  static native int prctl(int option, long arg2, long arg3, long arg4, long arg5);
}
