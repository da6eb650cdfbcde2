// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that the kernel can read and write, made once and used again and again.
 *
 * <p>It lives as long as this object: who passes its address on keeps the object until the call is
 * back.
 */
public final class NativeBuffer {
  private final ByteBuffer bytes;
  private final ByteBuffer fields;
  private final long address;

  private NativeBuffer(int size) {
    bytes = ByteBuffer.allocateDirect(size);
    fields = bytes.duplicate().order(ByteOrder.nativeOrder());
    address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
  }

  /** Makes a buffer of {@code size} bytes, all zero. */
  public static NativeBuffer allocate(int size) {
    return new NativeBuffer(size);
  }

  /** The memory, big-endian, for packets; each call returns the same object. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** The memory in the byte order of the kernel's structs; each call returns the same object. */
  public ByteBuffer fields() {
    return fields;
  }

  public long address() {
    return address;
  }
}
