// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** A listening socket, and what has to be kept and closed with it. */
final class Listener implements Closeable {
  private final Deque<ServerSocketChannel> channels = new ArrayDeque<>();

  /** Adds a channel; the last one accepts. */
  void add(ServerSocketChannel channel) {
    channels.push(channel);
  }

  ServerSocketChannel channel() {
    return channels.getFirst();
  }

  @Override
  public void close() throws IOException {
    for (ServerSocketChannel channel : channels) {
      channel.close();
    }
  }
}
