// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A call by TCP, on a connection of its own. Source: RFC 5531, section 11, record marking. */
final class StreamCall<R> extends Call<R> {
  private static final int LAST_FRAGMENT = 0x8000_0000;

  private final Loop loop;
  private final SocketChannel channel;
  private final InetSocketAddress server;
  private final ByteBuffer request;
  private final MarkedRecord reply = new MarkedRecord();
  private @Nullable SelectionKey key;

  private StreamCall(
      Loop loop,
      SocketChannel channel,
      InetSocketAddress server,
      Procedure<R> procedure,
      Ends<R> ends) {
    super(procedure, ends, channel);
    this.loop = loop;
    this.channel = channel;
    this.server = server;
    byte[] message = message();
    this.request = ByteBuffer.allocate(Integer.BYTES + message.length);
    request.putInt(LAST_FRAGMENT | message.length).put(message).flip();
  }

  static <R> StreamCall<R> to(
      InetSocketAddress server, Procedure<R> procedure, Loop loop, Ends<R> ends)
      throws IOException {
    return new StreamCall<>(loop, SocketChannel.open(), server, procedure, ends);
  }

  @Override
  void begin() {
    try {
      channel.configureBlocking(false);
      channel.connect(server);
      key = loop.watch(channel, SelectionKey.OP_CONNECT, this::goOn);
    } catch (IOException e) {
      loop.execute(() -> fail(e)); // never before this returns
    }
  }

  private void goOn() {
    try {
      if (channel.finishConnect() && write()) {
        read();
      }
    } catch (IOException e) {
      fail(e);
    } catch (MalformedReplyException e) {
      fail(e);
    }
  }

  /** Whether all is written. */
  private boolean write() throws IOException {
    if (request.hasRemaining()) {
      channel.write(request);
      boolean all = !request.hasRemaining();
      if (key != null) {
        key.interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
      }
    }
    return !request.hasRemaining();
  }

  private void read() throws IOException, MalformedReplyException {
    int count = channel.read(reply.space());
    if (count < 0) {
      throw new EOFException("it closed the connection");
    }
    ByteBuffer whole = reply.whole();
    if (whole != null) {
      if (isStray(whole)) {
        throw new MalformedReplyException("a reply to another call");
      }
      reply(whole);
    }
  }
}
