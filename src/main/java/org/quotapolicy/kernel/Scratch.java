// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Pointer;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Memory for the arguments and results of the calls of one thread. */
public final class Scratch {
  /** PATH_MAX of linux/limits.h: longest path with its NUL, in bytes. */
  static final int MAX_TEXT = 4096;

  private static final int FIRST_STRINGS = 4096;
  private static final int MAX_STRINGS = 1 << 20;

  private static final ThreadLocal<Scratch> OF_THREAD =
      new ThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  /** A struct that a call reads or fills: 256 bytes, the largest is statx. */
  public final NativeBuffer struct = NativeBuffer.allocate(256);

  private final NativeBuffer text = NativeBuffer.allocate(MAX_TEXT);
  private NativeBuffer strings = NativeBuffer.allocate(FIRST_STRINGS);

  private Scratch() {}

  public static Scratch ofThread() {
    return OF_THREAD.get();
  }

  /** Whether {@link #text} can carry this as a C string. */
  public static boolean isText(String latin1) {
    return latin1.length() < MAX_TEXT && latin1.indexOf(0) < 0;
  }

  /** The address of a C string of these bytes, until the next call of this method. */
  public long text(String latin1) {
    if (!isText(latin1)) {
      throw new IllegalArgumentException("too long, or a NUL within");
    }
    ByteBuffer bytes = text.bytes();
    for (int i = 0; i < latin1.length(); i++) {
      bytes.put(i, (byte) latin1.charAt(i));
    }
    bytes.put(latin1.length(), (byte) 0);
    return text.address();
  }

  /** Room for the strings of a passwd entry. */
  public NativeBuffer strings() {
    return strings;
  }

  /** A function of the C library that fills in a struct, and strings behind it. */
  @FunctionalInterface
  public interface Filling {
    /** Makes the call; returns 0 or a number of errno(3). */
    int call(long struct, long strings, long size);
  }

  /**
   * Makes a call until it has room enough for its strings.
   *
   * @return 0 or a number of errno(3)
   */
  public int fill(Filling function) {
    int error;
    do {
      long size = strings.bytes().capacity();
      error = function.call(struct.address(), strings.address(), size);
    } while (error == ErrNo.EINTR || (error == ErrNo.ERANGE && growStrings()));
    return error;
  }

  /** The C string at an address that a call has filled in, each byte as one char. */
  public static String string(long address) {
    return address == 0
        ? ""
        : new Pointer(address).getString(0, StandardCharsets.ISO_8859_1.name());
  }

  /** Doubles that room; false if it is as large as it may become. */
  private boolean growStrings() {
    int size = strings.bytes().capacity();
    if (size >= MAX_STRINGS) {
      return false;
    }
    strings = NativeBuffer.allocate(size * 2);
    return true;
  }
}
