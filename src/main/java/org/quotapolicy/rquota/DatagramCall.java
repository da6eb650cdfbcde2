// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call by UDP, sent again until somebody ends it. What is not its reply is dropped: it goes on to
 * wait for the true one.
 */
final class DatagramCall<R> extends Call<R> {
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

  /** Read at once; more are left for the next turn of the loop. */
  private static final int MOST_DATAGRAMS = 16;

  private final Loop loop;
  private final DatagramChannel channel;
  private final InetSocketAddress server;
  private Loop.@Nullable Alarm again;

  private DatagramCall(
      Loop loop,
      DatagramChannel channel,
      InetSocketAddress server,
      Procedure<R> procedure,
      Ends<R> ends) {
    super(procedure, ends, channel);
    this.loop = loop;
    this.channel = channel;
    this.server = server;
  }

  static <R> DatagramCall<R> to(
      InetSocketAddress server, Procedure<R> procedure, Loop loop, Ends<R> ends)
      throws IOException {
    return new DatagramCall<>(loop, DatagramChannel.open(), server, procedure, ends);
  }

  @Override
  void begin() {
    try {
      channel.configureBlocking(false);
      channel.connect(server);
      loop.watch(channel, SelectionKey.OP_READ, this::receive);
      send(FIRST_PAUSE);
    } catch (IOException e) {
      loop.execute(() -> fail(e)); // never before this returns
    }
  }

  private void send(long pause) {
    try {
      if (!isEnded()) {
        // A datagram that does not go out is as good as lost.
        channel.write(ByteBuffer.wrap(message()));
        again = loop.at(System.nanoTime() + pause, () -> send(2 * pause));
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void receive() {
    ByteBuffer datagram = ByteBuffer.allocate(RpcReply.LONGEST + 1);
    try {
      for (int i = 0; i < MOST_DATAGRAMS && !isEnded() && channel.read(datagram) >= 0; i++) {
        if (datagram.position() == 0) {
          return;
        }
        take(datagram.flip());
        datagram.clear();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void take(ByteBuffer datagram) {
    try {
      if (datagram.remaining() <= RpcReply.LONGEST && !isStray(datagram)) {
        reply(datagram);
      }
    } catch (MalformedReplyException e) {
      // Anybody can have sent it.
    }
  }

  @Override
  public void close() {
    loop.cancel(again);
    super.close();
  }
}
