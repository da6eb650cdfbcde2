// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A peer, with the JDK's own sockets, that blocks. */
final class Client implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteBuffer received = ByteBuffer.allocate(4_096).flip();

  Client(Path path) throws IOException {
    this(UnixDomainSocketAddress.of(path));
  }

  Client(SocketAddress address) throws IOException {
    channel = SocketChannel.open(address);
  }

  SocketChannel channel() {
    return channel;
  }

  void send(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Asks about a recipient and returns the answer. */
  String ask(String recipient) throws IOException {
    send("recipient=" + recipient + "\n\n");
    return receive();
  }

  /** One reply without its frame; "end" at the end. */
  String receive() throws IOException {
    StringBuilder reply = new StringBuilder();
    while (reply.indexOf("\n\n", reply.length() - 2) < 0) {
      if (!received.hasRemaining() && !read()) {
        return reply + "end";
      }
      reply.append((char) received.get());
    }
    return reply.substring("action=".length(), reply.length() - 2);
  }

  /** A reset counts as an end: that is how a close with unread bytes looks. */
  private boolean read() throws IOException {
    try {
      int count = channel.read(received.clear());
      received.flip();
      return count >= 0;
    } catch (IOException e) {
      received.flip();
      if (String.valueOf(e.getMessage()).contains("reset")) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
