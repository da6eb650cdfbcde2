// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All connections. Used by the selector's thread alone. */
final class ConnectionTable {
  private final Set<Connection> connections = new HashSet<>();
  private final int most;

  ConnectionTable(int most) {
    this.most = most;
  }

  void add(Connection connection) {
    connections.add(connection);
  }

  /** Closes a connection; there is nobody to tell if that fails. */
  void close(Connection connection) {
    connections.remove(connection);
    try {
      connection.close();
    } catch (IOException e) {
      // The descriptor is gone in any case, close(2).
    }
  }

  /** Whether one more may come. */
  boolean hasRoom() {
    return connections.size() < most;
  }

  /** Closes the connection that has been idle for longest; false if none is idle. */
  boolean closeLongestIdle() {
    long now = System.nanoTime();
    Optional<Connection> longest =
        connections.stream()
            .filter(Connection::isIdle)
            .max(Comparator.comparingLong(connection -> now - connection.since()));
    longest.ifPresent(this::close);
    return longest.isPresent();
  }

  boolean isEmpty() {
    return connections.isEmpty();
  }

  /** Whether time matters for any of them. */
  boolean hasDeadlines() {
    return connections.stream().anyMatch(connection -> !connection.isIdle());
  }

  /** A copy, so that connections can be closed on the way. */
  List<Connection> all() {
    return List.copyOf(connections);
  }
}
