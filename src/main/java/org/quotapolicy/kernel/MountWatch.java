// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads this process's mount table and notices when it changes. Source: proc(5),
 * /proc/pid/mountinfo; fs/proc_namespace.c, mounts_poll.
 *
 * <p>For one thread at a time.
 */
public final class MountWatch implements AutoCloseable {
  private static final String PATH = "/proc/self/mountinfo";
  private static final int CHUNK = 1 << 16;

  /** A table that changes whenever it is read is taken as it is, and read again next time. */
  private static final int MOST_READS = 3;

  private final NativeBuffer chunk = NativeBuffer.allocate(CHUNK);
  private final NativeBuffer pollfd = NativeBuffer.allocate(Headers.poll.pollfd.SIZE);
  private final int fd;
  private boolean changed = true;

  private MountWatch(int fd) {
    this.fd = fd;
  }

  /** Opens the table; it counts as changed until it has been read. */
  public static MountWatch open() throws NativeFailure {
    int flags = Headers.fcntl.O_RDONLY | Headers.fcntl.O_CLOEXEC;
    int fd = Libc.open(Scratch.ofThread().text(PATH), flags);
    if (fd < 0) {
      throw NativeFailure.last("open", PATH);
    }
    return new MountWatch(fd);
  }

  /** Whether the table has changed since it was last read. */
  public boolean isChanged() throws NativeFailure {
    changed |= pollChange();
    return changed;
  }

  /**
   * The mounts that are wanted, as they were at one moment.
   *
   * @param wanted called each time that the table is read from its beginning
   */
  public List<Mount> read(Supplier<Predicate<Mount>> wanted) throws NativeFailure {
    List<Mount> mounts;
    int reads = 0;
    do {
      pollChange(); // the kernel notes that this change is known
      mounts = readOnce(wanted.get());
      changed = pollChange();
    } while (changed && ++reads < MOST_READS);
    return mounts;
  }

  @Override
  public void close() {
    Libc.close(fd);
  }

  /** The kernel tells each change once. */
  private boolean pollChange() throws NativeFailure {
    int wanted = Headers.poll.POLLPRI | Headers.poll.POLLERR;
    ByteBuffer fields = pollfd.fields();
    fields.putInt(Headers.poll.pollfd.fd, fd);
    fields.putShort(Headers.poll.pollfd.events, (short) wanted);
    int ready;
    do {
      ready = Libc.poll(pollfd.address(), 1, 0);
    } while (ready < 0 && Native.getLastError() == ErrNo.EINTR);
    if (ready < 0) {
      throw NativeFailure.last("poll", PATH);
    }
    return ready > 0 && (fields.getShort(Headers.poll.pollfd.revents) & wanted) != 0;
  }

  private List<Mount> readOnce(Predicate<Mount> wanted) throws NativeFailure {
    MountInfo table = new MountInfo(wanted);
    long offset = 0;
    for (int length = readAt(offset); length > 0; length = readAt(offset)) {
      table.add(chunk.bytes().clear().limit(length));
      offset += length;
    }
    return table.mounts();
  }

  private int readAt(long offset) throws NativeFailure {
    long length;
    do {
      length = Libc.pread(fd, chunk.address(), CHUNK, offset);
    } while (length < 0 && Native.getLastError() == ErrNo.EINTR);
    if (length < 0) {
      throw NativeFailure.last("pread", PATH);
    }
    return (int) length;
  }
}
