// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.Openat;
import org.quotapolicy.system.Headers.fcntl;

/**
 * A regular file open for reading, that others may own.
 *
 * <p>Whoever owns it can put something else in its place at any moment, and can hold a lease on it
 * (fcntl(2), F_SETLEASE), for which open(2) waits. So the name is first opened without access,
 * which touches nothing; only if that is a regular file, it is opened itself, and without waiting.
 * What can still make that wait is the filesystem.
 */
public final class RegularFile implements AutoCloseable {
  private static final Charset NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private final int fd;

  private RegularFile(int fd) {
    this.fd = fd;
  }

  /**
   * Opens it.
   *
   * @throws IOException if it is no regular file, is not there, may not be read, or not now
   */
  public static RegularFile open(Path path) throws IOException {
    String name = new String(path.toString().getBytes(NAMES), StandardCharsets.ISO_8859_1);
    int place = descriptor(name, fcntl.O_PATH);
    try {
      if (!Files.isRegularFile(ofDescriptor(place))) {
        throw new IOException("not a regular file");
      }
      int flags = fcntl.O_RDONLY | fcntl.O_NONBLOCK;
      return new RegularFile(descriptor(ofDescriptor(place).toString(), flags));
    } finally {
      Libc.close(place);
    }
  }

  private static int descriptor(String path, int flags) throws IOException {
    int fd = Openat.open(fcntl.AT_FDCWD, path, flags);
    if (fd < 0) {
      throw failure(path, -fd);
    }
    return fd;
  }

  private static IOException failure(String path, int errno) {
    return switch (errno) {
      case ErrNo.ENOENT -> new NoSuchFileException(path);
      case ErrNo.EACCES -> new AccessDeniedException(path);
      case ErrNo.EAGAIN -> new IOException("somebody holds a lease on it");
      default -> new IOException(Errno.name(errno));
    };
  }

  private static Path ofDescriptor(int fd) {
    return Path.of("/proc/self/fd/" + fd);
  }

  /** A path that is this file, as long as it is open, whatever happens to its name. */
  public Path path() {
    return ofDescriptor(fd);
  }

  /**
   * What it says, each byte as one char (ISO 8859-1).
   *
   * @param maxSize most bytes, a multiple of 1,024
   * @throws IOException if there are more, or it cannot be read
   */
  public String text(int maxSize) throws IOException {
    NativeBuffer part = NativeBuffer.allocate(8192);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int length = read(part);
    while (length > 0) {
      byte[] bytes = new byte[length];
      part.bytes().get(0, bytes);
      all.writeBytes(bytes);
      if (all.size() > maxSize) {
        throw new IOException("larger than " + (maxSize >> 10) + " KiB");
      }
      length = read(part);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private int read(NativeBuffer part) throws IOException {
    int length = (int) Libc.read(fd, part.address(), part.bytes().capacity());
    if (length < 0) {
      throw new IOException(Errno.name(Native.getLastError()));
    }
    return length;
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
