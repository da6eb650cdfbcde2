// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import java.io.IOException;

/** A call to the kernel or the C library failed in a way that has no other answer. */
public final class NativeFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  NativeFailure(String call, String argument, int errno) {
    super(call + "(" + argument + "): " + Errno.name(errno) + " (errno " + errno + ")");
    this.errno = errno;
  }

  /** Of the call that this thread made last. */
  public static NativeFailure last(String call, String argument) {
    return new NativeFailure(call, argument, Native.getLastError());
  }

  /** Why: a number of errno(3). */
  public int errno() {
    return errno;
  }

  /** Its name, as {@code ENOENT}. */
  public String errnoName() {
    return Errno.name(errno);
  }
}
