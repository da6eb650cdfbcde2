// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.quotapolicy.kernel.Headers.linux_filter.sock_filter;
import org.quotapolicy.kernel.Headers.linux_filter.sock_fprog;
import org.quotapolicy.kernel.Headers.linux_seccomp;
import org.quotapolicy.kernel.SyscallFilter.Instruction;

/** Puts a filter on this process. Source: seccomp(2), struct sock_filter in linux/filter.h. */
public final class Seccomp {
  private static final String SECCOMP = "seccomp 317 277";

  private Seccomp() {}

  /**
   * Puts it on all threads, and checks that it is there. They must have no_new_privs.
   *
   * @return why this kernel cannot do it; empty if it is done
   */
  public static Optional<String> install(SyscallFilter filter) throws IOException {
    long result = set(filter.program());
    if (result < 0 && isNotThere(Native.getLastError())) {
      return Optional.of(String.valueOf(failure().getMessage()));
    }
    if (result != 0) {
      throw result < 0 ? failure() : new IOException("thread " + result + " cannot be confined");
    }
    for (ThreadStatus thread : ThreadStatus.ofAll()) {
      thread.require("Seccomp", Integer.toString(linux_seccomp.SECCOMP_MODE_FILTER));
    }
    return Optional.empty();
  }

  private static long set(List<Instruction> instructions) {
    NativeBuffer list = encode(instructions);
    NativeBuffer program = NativeBuffer.allocate(sock_fprog.SIZE);
    program.fields().putShort(sock_fprog.len, (short) instructions.size());
    program.fields().putLong(sock_fprog.filter, list.address());
    int number = Machine.current().numbers(SECCOMP)[0];
    int mode = linux_seccomp.SECCOMP_SET_MODE_FILTER;
    try {
      long flags = linux_seccomp.SECCOMP_FILTER_FLAG_TSYNC;
      return Libc.syscall(number, mode, flags, program.address(), 0, 0);
    } finally {
      Reference.reachabilityFence(list);
      Reference.reachabilityFence(program);
    }
  }

  private static NativeFailure failure() {
    return NativeFailure.last("seccomp", "SECCOMP_SET_MODE_FILTER");
  }

  /** Kernels without seccomp, or without its filters. */
  private static boolean isNotThere(int errno) {
    return errno == ErrNo.ENOSYS || errno == ErrNo.EINVAL;
  }

  private static NativeBuffer encode(List<Instruction> program) {
    NativeBuffer buffer = NativeBuffer.allocate(program.size() * sock_filter.SIZE);
    ByteBuffer fields = buffer.fields();
    for (int i = 0; i < program.size(); i++) {
      Instruction instruction = program.get(i);
      int offset = i * sock_filter.SIZE;
      fields.putShort(offset + sock_filter.code, (short) instruction.code());
      fields.put(offset + sock_filter.jt, (byte) instruction.whenTrue());
      fields.put(offset + sock_filter.jf, (byte) instruction.whenFalse());
      fields.putInt(offset + sock_filter.k, instruction.operand());
    }
    return buffer;
  }
}
