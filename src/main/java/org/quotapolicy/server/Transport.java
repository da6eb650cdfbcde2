// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.ConnectionRefusedSocketException;
import org.newsclub.net.unix.FileDescriptorCast;

/** Whose Unix sockets are used. Both are java.nio channels, each with a selector of its own. */
enum Transport {
  /** junixsocket: its selector is poll(2), so each round costs time for each connection. */
  JUNIXSOCKET(107) {
    @Override
    void bind(Listener listener, Path path) throws IOException {
      AFUNIXServerSocketChannel bound = AFUNIXServerSocketChannel.open();
      listener.add(bound);
      bound.bind(AFUNIXSocketAddress.of(path), BACKLOG);
      // Its accept() closes a socket whose file is no longer where it was bound, and ours will be
      // renamed. A cast descriptor is not checked; but it is closed by its origin only.
      listener.add(
          FileDescriptorCast.using(bound.getFileDescriptor()).as(AFUNIXServerSocketChannel.class));
    }

    @Override
    void probe(Path path) throws IOException {
      try (SocketChannel probe = AFUNIXSocketChannel.open()) {
        probe.configureBlocking(false);
        probe.connect(AFUNIXSocketAddress.of(path));
      }
    }
  },

  /** The JDK's own: its selector is epoll(7). */
  JDK(106) {
    @Override
    void bind(Listener listener, Path path) throws IOException {
      ServerSocketChannel bound = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.add(bound);
      bound.bind(UnixDomainSocketAddress.of(path), BACKLOG);
    }

    @Override
    void probe(Path path) throws IOException {
      try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        probe.configureBlocking(false);
        probe.connect(UnixDomainSocketAddress.of(path));
      }
    }
  };

  /**
   * Makes a listener of a descriptor that is bound and listens; returns its path. The descriptor
   * stays open when the listener is closed.
   */
  Path adopt(Listener listener, int descriptor) throws IOException {
    try {
      AFUNIXServerSocketChannel adopted =
          FileDescriptorCast.unsafeUsing(descriptor).as(AFUNIXServerSocketChannel.class);
      listener.add(adopted);
      // Who bound it removes its file.
      adopted.setDeleteOnClose(false);
      AFUNIXSocketAddress address = adopted.getLocalAddress();
      if (address != null && address.hasFilename()) {
        return address.getFile().toPath();
      }
    } catch (ClassCastException e) {
      throw new IOException("descriptor " + descriptor + " is not a listening Unix socket", e);
    }
    throw new IOException("descriptor " + descriptor + " is not bound to a path");
  }

  /** Longest path in bytes: sun_path without its NUL, unix(7); the JDK wants one more. */
  final int maxPath;

  Transport(int maxPath) {
    this.maxPath = maxPath;
  }

  /** Connections that may wait to be accepted; Linux cuts it to net.core.somaxconn. */
  private static final int BACKLOG = 4_096;

  /** Binds and listens. What the listener was given has to be closed even if that fails. */
  abstract void bind(Listener listener, Path path) throws IOException;

  /** Tries to connect, without waiting: fails at once if nobody listens. */
  abstract void probe(Path path) throws IOException;

  /** Whether a process listens, be it stopped or with too many connections waiting. */
  boolean isLiving(Path path) throws IOException {
    try {
      probe(path);
      return true;
    } catch (ConnectException | ConnectionRefusedSocketException e) {
      return false;
    }
  }
}
