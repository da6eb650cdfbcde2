// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * All connections of one listener. Used by its selector's thread; only {@link #closeLongest},
 * {@link #size} and {@link #count} by those of other listeners, too.
 */
final class ConnectionTable {
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Room room;

  ConnectionTable(Room room) {
    this.room = room;
  }

  void add(Connection connection) {
    room.take();
    connections.add(connection);
  }

  /** Closes a connection; there is nobody to tell if that fails. */
  void close(Connection connection) {
    remove(connection);
    try {
      connection.close();
    } catch (IOException e) {
      // The descriptor is gone in any case, close(2).
    }
  }

  private void remove(Connection connection) {
    if (connections.remove(connection)) {
      room.giveBack();
    }
  }

  /** Closes the connection that has been like that for longest; false if none is. */
  boolean closeLongest(Predicate<Connection> condition) {
    long now = System.nanoTime();
    Optional<Connection> longest =
        connections.stream()
            .filter(condition)
            .max(Comparator.comparingLong(connection -> now - connection.since()));
    return longest.isPresent() && closeIf(condition, longest.get());
  }

  /** It may have gone on meanwhile. */
  private boolean closeIf(Predicate<Connection> condition, Connection connection) {
    try {
      if (!connection.closeIf(condition)) {
        return false;
      }
    } catch (IOException e) {
      // The descriptor is gone in any case, close(2).
    }
    remove(connection);
    return true;
  }

  int size() {
    return connections.size();
  }

  /** How many are like that. */
  int count(Predicate<Connection> condition) {
    return (int) connections.stream().filter(condition).count();
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
