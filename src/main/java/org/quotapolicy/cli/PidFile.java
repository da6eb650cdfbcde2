// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/**
 * The pid file, locked as long as its process lives: a number alone cannot tell a living daemon
 * from a dead one whose number another process has got.
 */
final class PidFile implements Closeable {
  private final Path path;
  private final FileChannel channel;

  private PidFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the file for this process; that of a dead process is replaced.
   *
   * @throws IOException if a living process has it, or it cannot be written; says what and where
   */
  static PidFile take(Path path) throws IOException {
    return take(path, () -> {});
  }

  /** What must hold before the file of another process is replaced. */
  @FunctionalInterface
  interface Condition {
    void require() throws IOException;
  }

  /**
   * The same, if a condition holds once the file is locked: a daemon of another program has no lock
   * on its file, but shows in other ways that it lives.
   */
  static PidFile take(Path path, Condition condition) throws IOException {
    try {
      // Whoever had it may remove it between our opening and our locking. An inode's number is not
      // given to another file while we have it open, so the same one before and after is ours.
      while (true) {
        Optional<Object> before = inode(path);
        FileChannel channel = open(path, condition);
        if (before.isPresent() && before.equals(inode(path))) {
          return new PidFile(path, channel);
        }
        channel.close();
      }
    } catch (IOException e) {
      throw new IOException("pid file " + path + ": " + reason(e), e);
    }
  }

  private static Optional<Object> inode(Path path) throws IOException {
    try {
      return Optional.ofNullable(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static FileChannel open(Path path, Condition condition) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("something else than a file is there; remove it first");
    }
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    try {
      lock(channel);
      require(condition, path, channel);
      write(channel);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void require(Condition condition, Path path, FileChannel channel)
      throws IOException {
    try {
      condition.require();
    } catch (IOException e) {
      if (channel.size() == 0) {
        Files.deleteIfExists(path); // it is ours: nobody else's is empty
      }
      throw e;
    }
  }

  private static void lock(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      throw new IOException("another quotapolicy daemon is running: process " + pid(channel));
    }
  }

  private static String pid(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    return StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
  }

  private static void write(FileChannel channel) throws IOException {
    String pid = ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied; the directory must belong to the daemon's user";
    }
    return e instanceof NoSuchFileException
        ? "no such directory"
        : Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  /** Removes the file, before the lock: whoever gets the lock must find the file he locked. */
  @Override
  public synchronized void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    Files.deleteIfExists(path);
    channel.close();
  }
}
