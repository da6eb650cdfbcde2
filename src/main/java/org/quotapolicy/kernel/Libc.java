// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;

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
    Native.register(Libc.class, Jna.process());
  }

  private Libc() {}

  // fcntl.h, unistd.h, poll.h

  /** open(2), without a mode: nothing here makes a file. */
  static native int open(long path, int flags);

  /** openat(2), without a mode. */
  static native int openat(int dirfd, long path, int flags);

  static native int close(int fd);

  static native int dup2(int oldfd, int newfd);

  static native long pread(int fd, long buf, long count, long offset);

  static native int poll(long fds, long nfds, int timeout);

  // sys/socket.h

  static native int socketpair(int domain, int type, int protocol, long sv);

  static native int getsockopt(int sockfd, int level, int optname, long optval, long optlen);

  static native long recv(int sockfd, long buf, long len, int flags);

  static native long send(int sockfd, long buf, long len, int flags);

  static native int shutdown(int sockfd, int how);

  // pwd.h: the result is the error number

  static native int getpwnam_r(long name, long pwd, long buf, long buflen, long result);

  // sys/quota.h, sys/stat.h, sys/ioctl.h

  static native int quotactl(int cmd, long special, int id, long addr);

  static native int statx(int dirfd, long path, int flags, int mask, long statxbuf);

  static native int ioctl(int fd, long request, long argp);

  /** For system calls that the C library has no function for. */
  static native long syscall(long number, long arg1, long arg2, long arg3, long arg4, long arg5);

  // unistd.h, sys/prctl.h

  static native int getpid();

  static native int prctl(int option, long arg2, long arg3, long arg4, long arg5);
}
