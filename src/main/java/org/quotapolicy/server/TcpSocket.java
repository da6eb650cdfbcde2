// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Predicate;

/**
 * A TCP socket, for a Postfix that does not see the files of this host: in a container or another
 * network namespace.
 *
 * <p>Nothing but its address says who a peer is. Source: tcp(7), ip(7).
 */
public final class TcpSocket implements Endpoint {
  /** Connections that may wait to be accepted; Linux cuts it to net.core.somaxconn. */
  private static final int BACKLOG = 4_096;

  private static final int FIRST_UNPRIVILEGED_PORT = 1_024;

  private final ServerSocketChannel channel;
  private final Predicate<InetAddress> allowed;

  private TcpSocket(ServerSocketChannel channel, Predicate<InetAddress> allowed) {
    this.channel = channel;
    this.allowed = allowed;
  }

  /**
   * Binds and listens.
   *
   * @param allowed the addresses whose connections may stay
   * @throws IOException with a message for the administrator
   */
  public static TcpSocket bind(InetSocketAddress address, Predicate<InetAddress> allowed)
      throws IOException {
    ServerSocketChannel channel =
        ServerSocketChannel.open(
            address.getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6);
    try {
      channel.bind(address, BACKLOG);
      return new TcpSocket(channel, allowed);
    } catch (SocketException e) {
      channel.close();
      throw new BindException(
          "--listen " + name(address) + ": " + e.getMessage() + advice(address));
    }
  }

  private static String advice(InetSocketAddress address) {
    return address.getPort() < FIRST_UNPRIVILEGED_PORT
        ? "; root is given up before, so take a port from " + FIRST_UNPRIVILEGED_PORT + " on"
        : "";
  }

  /** An address as Postfix writes it. */
  public static String name(InetSocketAddress address) {
    String all = address.getAddress().getHostAddress();
    String host = all.replaceFirst("(^|:)0(:0)+(:|$)", "::");
    return "inet:" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  @Override
  public ServerSocketChannel channel() {
    return channel;
  }

  /** Also makes a connection fit for short answers and for peers that vanish. */
  @Override
  public boolean admits(SocketChannel peer) {
    try {
      if (peer.getRemoteAddress() instanceof InetSocketAddress address
          && allowed.test(address.getAddress())) {
        peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
        peer.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        return true;
      }
    } catch (IOException e) {
      // Gone already.
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
