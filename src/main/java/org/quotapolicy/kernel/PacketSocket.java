// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.Native;
import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One end of a pair of connected packet sockets: AF_UNIX, SOCK_SEQPACKET.
 *
 * <p>Packets keep their boundaries and their order. A packet without a byte cannot be told from the
 * end of file, so none is ever sent. Any number of threads may use an end; the descriptor is closed
 * when the last of them is out of its call, so its number is never used once it may be another's.
 * Source: socket(2), unix(7).
 */
public final class PacketSocket implements AutoCloseable {
  private static final int STANDARD_INPUT = 0;
  private static final Object STANDARD_INPUT_LOCK = new Object();

  private final int fd;
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();
  private volatile boolean closed;

  private PacketSocket(int fd) {
    this.fd = fd;
  }

  /** Makes two connected ends, which no child inherits. */
  public static PacketSocket[] pair() throws NativeFailure {
    int type = Headers.sys_socket.SOCK_SEQPACKET | Headers.sys_socket.SOCK_CLOEXEC;
    NativeBuffer ends = Scratch.ofThread().struct;
    if (Libc.socketpair(Headers.sys_socket.AF_UNIX, type, 0, ends.address()) != 0) {
      throw NativeFailure.last("socketpair", "AF_UNIX, SOCK_SEQPACKET");
    }
    ByteBuffer fds = ends.fields();
    return new PacketSocket[] {new PacketSocket(fds.getInt(0)), new PacketSocket(fds.getInt(4))};
  }

  /**
   * The end that this process was started with as its standard input.
   *
   * @throws IOException if standard input is anything else
   */
  public static PacketSocket standardInput() throws IOException {
    if (option(Headers.sys_socket.SO_DOMAIN) != Headers.sys_socket.AF_UNIX
        || option(Headers.sys_socket.SO_TYPE) != Headers.sys_socket.SOCK_SEQPACKET) {
      throw new IOException("standard input is not a Unix packet socket");
    }
    return new PacketSocket(STANDARD_INPUT);
  }

  /** A socket option of standard input, -1 if it has none. */
  private static int option(int name) {
    NativeBuffer value = Scratch.ofThread().struct;
    value.fields().putInt(0, -1).putInt(4, Integer.BYTES);
    int level = Headers.sys_socket.SOL_SOCKET;
    long address = value.address();
    int result = Libc.getsockopt(STANDARD_INPUT, level, name, address, address + 4);
    return result == 0 ? value.fields().getInt(0) : -1;
  }

  /**
   * Waits for a packet and takes it; position becomes 0 and limit its length.
   *
   * @return its length in bytes; -1 when the other end is gone or this one is shut down or closed
   * @throws NativeFailure EMSGSIZE if the packet is longer than the buffer: its end is lost
   */
  public int receive(NativeBuffer packet) throws NativeFailure {
    inUse.readLock().lock();
    try {
      return closed ? -1 : receiveOpen(packet);
    } finally {
      inUse.readLock().unlock();
      Reference.reachabilityFence(packet);
    }
  }

  private int receiveOpen(NativeBuffer packet) throws NativeFailure {
    ByteBuffer bytes = packet.bytes();
    long length;
    do {
      length = Libc.recv(fd, packet.address(), bytes.capacity(), Headers.sys_socket.MSG_TRUNC);
    } while (length < 0 && mayFollow(Native.getLastError()));
    if (length > bytes.capacity()) {
      throw new NativeFailure("recv", "a packet of " + length + " bytes", ErrNo.EMSGSIZE);
    }
    if (length < 0) {
      throw NativeFailure.last("recv", "socket " + fd);
    }
    bytes.clear().limit((int) length);
    return length == 0 ? -1 : (int) length;
  }

  /**
   * ECONNRESET, told once, means that the other end went away without having read everything; what
   * it had sent before is still to come, and then the end of file. Source: unix_release_sock().
   */
  private static boolean mayFollow(int errno) {
    return errno == ErrNo.EINTR || errno == ErrNo.ECONNRESET;
  }

  /**
   * Sends what remains in the buffer as one packet, at once or not at all; the buffer is unchanged.
   *
   * @return false if the other end has not read enough for this packet to have room
   */
  public boolean send(NativeBuffer packet) throws NativeFailure {
    return send(packet, Headers.sys_socket.MSG_DONTWAIT);
  }

  /** Sends what remains in the buffer as one packet, waiting for room; the buffer is unchanged. */
  public void sendWaiting(NativeBuffer packet) throws NativeFailure {
    send(packet, 0);
  }

  private boolean send(NativeBuffer packet, int flags) throws NativeFailure {
    if (!packet.bytes().hasRemaining()) {
      throw new IllegalArgumentException("a packet without a byte would be taken for end of file");
    }
    inUse.readLock().lock();
    try {
      return sendOpen(packet, flags | Headers.sys_socket.MSG_NOSIGNAL);
    } finally {
      inUse.readLock().unlock();
      Reference.reachabilityFence(packet);
    }
  }

  private boolean sendOpen(NativeBuffer packet, int flags) throws NativeFailure {
    if (closed) {
      throw new NativeFailure("send", "closed socket", ErrNo.EBADF);
    }
    ByteBuffer bytes = packet.bytes();
    long sent;
    do {
      sent = Libc.send(fd, packet.address() + bytes.position(), bytes.remaining(), flags);
    } while (sent < 0 && Native.getLastError() == ErrNo.EINTR);
    int errno = sent < 0 ? Native.getLastError() : 0;
    if (errno != 0 && errno != ErrNo.EAGAIN) {
      throw new NativeFailure("send", "socket " + fd, errno);
    }
    return errno == 0;
  }

  /** Ends the connection for both ends; threads that wait in {@link #receive} return. */
  public void shutdown() {
    inUse.readLock().lock();
    try {
      if (!closed) {
        Libc.shutdown(
            fd, Headers.sys_socket.SHUT_RDWR); // fails only if the other end did it before
      }
    } finally {
      inUse.readLock().unlock();
    }
  }

  /**
   * Closes this end. The connection lives on if another process holds the same end, unless a thread
   * of this one had to be woken from a call.
   */
  @Override
  public void close() {
    if (!inUse.writeLock().tryLock()) {
      shutdown();
      inUse.writeLock().lock();
    }
    try {
      if (!closed) {
        closed = true;
        Libc.close(fd);
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }

  /**
   * Runs {@code start} while this end is the standard input of this process, so that a child it
   * starts with {@link ProcessBuilder.Redirect#INHERIT} has it as its own. Afterwards standard
   * input is /dev/null.
   */
  public <T> T asStandardInputDuring(Callable<T> start) throws Exception {
    synchronized (STANDARD_INPUT_LOCK) {
      becomeStandardInput(fd);
      try {
        return start.call();
      } finally {
        clearStandardInput();
      }
    }
  }

  private static void clearStandardInput() throws NativeFailure {
    long path = Scratch.ofThread().text("/dev/null");
    int empty = Libc.open(path, Headers.fcntl.O_RDONLY | Headers.fcntl.O_CLOEXEC);
    if (empty < 0) {
      throw NativeFailure.last("open", "/dev/null");
    }
    becomeStandardInput(empty);
    Libc.close(empty);
  }

  /** The copy is inherited by children, unlike what it is copied from. */
  private static void becomeStandardInput(int fd) throws NativeFailure {
    if (Libc.dup2(fd, STANDARD_INPUT) < 0) {
      throw NativeFailure.last("dup2", fd + " to standard input");
    }
  }
}
