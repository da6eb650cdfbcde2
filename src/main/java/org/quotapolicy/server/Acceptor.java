// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.server.Statistics.Fault;

/**
 * Accepts connections as long as there is room for them, and makes room if it can.
 *
 * <p>Where it cannot, or no descriptor is left, it pauses until told to go on: to try again at once
 * would only spin. Used by the selector's thread alone.
 */
final class Acceptor {
  /** Most at a time, so that who comes again and again keeps nobody from being served. */
  private static final int MOST_AT_ONCE = 200;

  private final Endpoint endpoint;
  private final Selector selector;
  private final AttentionQueue attention;
  private final ConnectionTable connections;
  private final Room room;
  private final Statistics statistics;
  private final Log log;
  private final SelectionKey key;

  Acceptor(
      Endpoint endpoint,
      Selector selector,
      AttentionQueue attention,
      ConnectionTable connections,
      Room room,
      Statistics statistics,
      Log log)
      throws IOException {
    this.endpoint = endpoint;
    this.selector = selector;
    this.attention = attention;
    this.connections = connections;
    this.room = room;
    this.statistics = statistics;
    this.log = log;
    endpoint.channel().configureBlocking(false);
    this.key = endpoint.channel().register(selector, SelectionKey.OP_ACCEPT);
  }

  boolean owns(SelectionKey selected) {
    return selected == key;
  }

  /** Accepts who is waiting; if there is no room, one in place of the longest idle connection. */
  void accept() {
    try {
      if (room.isLeft() || room.make()) {
        acceptAll();
      } else {
        pause();
      }
    } catch (IOException e) {
      statistics.happened(Fault.NOT_ACCEPTED);
      log.limited("accept", "cannot accept a connection: " + e.getMessage());
      room.make();
      pause();
    }
  }

  private void acceptAll() throws IOException {
    for (int i = 0; i < MOST_AT_ONCE && room.isLeft(); i++) {
      @Nullable SocketChannel channel = endpoint.channel().accept();
      if (channel == null) {
        return;
      }
      if (endpoint.admits(channel)) {
        add(new Connection(channel, attention, room, statistics));
      } else {
        refuse(channel);
      }
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

  private void refuse(SocketChannel channel) throws IOException {
    try (channel) {
      statistics.happened(Fault.PEER_NOT_ALLOWED);
      log.limited(
          "peer", "connection closed: peer " + channel.getRemoteAddress() + " is not allowed");
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
