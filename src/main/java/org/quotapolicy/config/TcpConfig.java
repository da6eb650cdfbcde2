// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The TCP listeners, and who may use them.
 *
 * @param listen where to listen; empty for no TCP at all
 * @param peers who may connect; empty for everybody who can, which is allowed on loopback only
 */
public record TcpConfig(List<InetSocketAddress> listen, List<Network> peers) {
  public TcpConfig {
    listen = List.copyOf(listen);
    peers = List.copyOf(peers);
  }

  /** Whether a peer may stay. */
  public boolean admits(InetAddress peer) {
    return peers.isEmpty() || peers.stream().anyMatch(network -> network.contains(peer));
  }
}
