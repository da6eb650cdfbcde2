// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;

/** Whose Unix sockets are used. Both are java.nio channels, each with a selector of its own. */
enum Transport {
  /** junixsocket: its selector is poll(2), so each round costs time for each connection. */
  JUNIXSOCKET {
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
  },

  /** The JDK's own: its selector is epoll(7). */
  JDK {
    @Override
    void bind(Listener listener, Path path) throws IOException {
      ServerSocketChannel bound = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.add(bound);
      bound.bind(UnixDomainSocketAddress.of(path), BACKLOG);
    }
  };

  /** Connections that may wait to be accepted; Linux cuts it to net.core.somaxconn. */
  private static final int BACKLOG = 4_096;

  /** Binds and listens. What the listener was given has to be closed even if that fails. */
  abstract void bind(Listener listener, Path path) throws IOException;
}
