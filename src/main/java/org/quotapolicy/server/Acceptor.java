// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections as long as there is room for them, and makes room if it can.
 *
 * <p>Where it cannot, or no descriptor is left, it pauses until told to go on: to try again at once
 * would only spin. Used by the selector's thread alone.
 */
final class Acceptor {
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final AttentionQueue attention;
  private final ConnectionTable connections;
  private final Log log;
  private final SelectionKey key;

  Acceptor(
      ServerSocketChannel listener,
      Selector selector,
      AttentionQueue attention,
      ConnectionTable connections,
      Log log)
      throws IOException {
    this.listener = listener;
    this.selector = selector;
    this.attention = attention;
    this.connections = connections;
    this.log = log;
    listener.configureBlocking(false);
    this.key = listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  boolean owns(SelectionKey selected) {
    return selected == key;
  }

  /** Accepts who is waiting; if there is no room, one in place of the longest idle connection. */
  void accept() {
    try {
      if (connections.hasRoom() || connections.closeLongestIdle()) {
        acceptAll();
      } else {
        pause();
      }
    } catch (IOException e) {
      log.limited("accept", "cannot accept a connection: " + e.getMessage());
      connections.closeLongestIdle();
      pause();
    }
  }

  private void acceptAll() throws IOException {
    while (connections.hasRoom()) {
      @Nullable SocketChannel channel = listener.accept();
      if (channel == null) {
        return;
      }
      add(new Connection(channel, attention));
    }
  }

  private void add(Connection connection) throws IOException {
    connections.add(connection);
    try {
      connection.register(selector);
    } catch (IOException e) {
      connections.close(connection);
      throw e;
    }
  }

  private void pause() {
    key.interestOps(0);
  }

  /** Accepts nobody any more. */
  void stop() {
    key.cancel();
  }

  /** Ends a pause. */
  void resume() {
    if (key.isValid()) {
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }
}
