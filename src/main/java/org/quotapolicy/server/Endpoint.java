// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.Closeable;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A listening socket on which the policy protocol is spoken. */
public sealed interface Endpoint extends Closeable permits PolicySocket, TcpSocket {

  /** What accepts connections. */
  ServerSocketChannel channel();

  /** Whether it goes on listening when this process has ended. */
  default boolean outlivesUs() {
    return false;
  }

  /** Whether a peer that has connected may stay; the permissions of a file have seen to it. */
  default boolean admits(SocketChannel peer) {
    return true;
  }
}
