// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The policy socket: a listening Unix socket and its file.
 *
 * <p>It is made in a directory that nobody else may enter, gets its group and mode there, and is
 * then renamed to its place: at no moment can anyone connect who should not, or find a socket that
 * refuses. The rename also replaces the socket of a dead process. That two daemons do not start at
 * the same moment is the pid file's business. Sources: unix(7), rename(2).
 */
public final class PolicySocket implements Endpoint {
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;
  private final Listener listener;

  /** Device and inode number of the file. */
  private final Object fileKey;

  /** Whether another process made the file, and keeps it. */
  private final boolean adopted;

  private volatile boolean closed;

  private PolicySocket(Path path, Listener listener, Object fileKey, boolean adopted) {
    this.path = path;
    this.listener = listener;
    this.fileKey = fileKey;
    this.adopted = adopted;
  }

  /**
   * Binds.
   *
   * @param mode permission bits: who may write to the socket may connect
   * @param gid group of the file; the process's own if empty
   * @throws IOException with a message for the administrator: a process listens there, something
   *     else than a socket lies there, the path is too long, or the directory does not allow it
   */
  public static PolicySocket bind(Path path, int mode, OptionalLong gid) throws IOException {
    return bind(path, mode, gid, Transport.JDK);
  }

  /**
   * Takes a socket that listens already: a service manager bound it and keeps it, with all who wait
   * on it, when this process ends.
   *
   * @param descriptor its number, which must be used for nothing else
   * @throws IOException if it is no Unix socket with a file
   */
  public static PolicySocket adopt(int descriptor) throws IOException {
    Listener listener = new Listener();
    Path path = Transport.JUNIXSOCKET.adopt(listener, descriptor);
    Object key = Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? fileKey(path) : new Object();
    return new PolicySocket(path, listener, key, true);
  }

  static PolicySocket bind(Path path, int mode, OptionalLong gid, Transport transport)
      throws IOException {
    Path absolute = path.toAbsolutePath();
    checkLength(absolute, transport.maxPath);
    try {
      checkVacant(absolute, transport);
      return bindAside(absolute, mode, gid, transport);
    } catch (IOException e) {
      throw new IOException("policy socket " + absolute + ": " + reason(e), e);
    }
  }

  /**
   * Makes sure that nothing living, and nothing but a socket, is at a path.
   *
   * @throws IOException with a message for the administrator
   */
  public static void requireVacant(Path path) throws IOException {
    try {
      checkVacant(path.toAbsolutePath(), Transport.JDK);
    } catch (IOException e) {
      throw new IOException("policy socket " + path + ": " + reason(e), e);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public boolean outlivesUs() {
    return adopted;
  }

  @Override
  public ServerSocketChannel channel() {
    return listener.channel();
  }

  /**
   * Whether whoever opens its path comes here. Also true when that cannot be told, and when it was
   * closed: then nobody should.
   */
  public boolean isInPlace() {
    try {
      return closed || fileKey.equals(fileKey(path));
    } catch (NoSuchFileException e) {
      return closed;
    } catch (IOException e) {
      return true;
    }
  }

  private static void checkLength(Path path, int most) throws IOException {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > most) {
      throw new IOException(
          "policy socket " + path + ": path has " + length + " bytes, at most " + most);
    }
  }

  private static void checkVacant(Path path, Transport transport) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new IOException("something else than a socket is there; remove it first");
    }
    if (isLiving(path, transport)) {
      throw new IOException("another process is listening on it");
    }
  }

  private static boolean isLiving(Path path, Transport transport) throws IOException {
    try {
      return transport.isLiving(path);
    } catch (IOException e) {
      throw new IOException("cannot tell whether another process is listening on it: " + reason(e));
    }
  }

  private static PolicySocket bindAside(Path path, int mode, OptionalLong gid, Transport transport)
      throws IOException {
    Path aside = makePrivateDirectory(Objects.requireNonNull(path.getParent()));
    Path file = aside.resolve("s");
    Listener listener = new Listener();
    try {
      checkLength(file, transport.maxPath);
      transport.bind(listener, file);
      Object key = protect(file, mode, gid);
      Files.move(file, path, StandardCopyOption.ATOMIC_MOVE);
      return new PolicySocket(path, listener, key, false);
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(aside);
    }
  }

  /** Its name is short, because a socket's path must be. */
  private static Path makePrivateDirectory(Path parent) throws IOException {
    String name = ".q" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36);
    return Files.createDirectory(
        parent.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Gives the socket its group and mode, in this order, and returns its identity. */
  private static Object protect(Path file, int mode, OptionalLong gid) throws IOException {
    if (gid.isPresent()) {
      Files.setAttribute(file, "unix:gid", (int) gid.getAsLong(), LinkOption.NOFOLLOW_LINKS);
    }
    Files.setAttribute(file, "unix:mode", mode);
    return fileKey(file);
  }

  /** Device and inode number. */
  private static Object fileKey(Path file) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
  }

  private static boolean isAt(Path path, Object key) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key.equals(fileKey(path));
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  /**
   * Ends listening. The file is removed if it is still this socket. One that outlives us is left
   * alone: junixsocket would shut it down, and so for whoever keeps it, too.
   */
  @Override
  public void close() throws IOException {
    if (closed || outlivesUs()) {
      return;
    }
    // Once, and before the descriptor: afterwards another socket could have the same inode number.
    closed = true;
    try {
      if (isAt(path, fileKey)) {
        Files.deleteIfExists(path);
      }
    } finally {
      listener.close();
    }
  }
}
