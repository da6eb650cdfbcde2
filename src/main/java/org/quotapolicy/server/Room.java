// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.quotapolicy.server.Statistics.Fault;

/**
 * Room for connections, shared by all listeners. Thread-safe.
 *
 * <p>When it is used up, the listener that has most gives up the connection that was idle longest,
 * or, if none is idle, the one that has waited for its peer for longest: so a flood on one leaves
 * the others theirs.
 */
final class Room {
  private final int most;
  private final Statistics statistics;
  private final AtomicInteger used = new AtomicInteger();
  private final List<ConnectionTable> tables = new CopyOnWriteArrayList<>();

  Room(int most, Statistics statistics) {
    this.most = most;
    this.statistics = statistics;
  }

  /** Adds a listener's connections. */
  ConnectionTable newTable() {
    ConnectionTable table = new ConnectionTable(this);
    tables.add(table);
    return table;
  }

  /** Whether there is room for one more; listeners that ask at the same time may all be told so. */
  boolean isLeft() {
    return used.get() < most;
  }

  /** Takes the room of one connection. */
  void take() {
    used.incrementAndGet();
    statistics.connected();
  }

  /** Gives the room of one connection back. */
  void giveBack() {
    used.decrementAndGet();
    statistics.disconnected();
  }

  /**
   * Has a connection closed: an idle one, else one that waits for its peer. Postfix sends a request
   * and takes an answer at once. False if all are owed answers.
   */
  boolean make() {
    boolean made = closeLongest(Connection::isIdle) || closeLongest(Connection::isPeersTurn);
    if (made) {
      statistics.happened(Fault.CLOSED_FOR_ROOM);
    }
    return made;
  }

  private boolean closeLongest(Predicate<Connection> condition) {
    return tables.stream()
        .sorted(Comparator.comparingInt(ConnectionTable::size).reversed())
        .anyMatch(table -> table.closeLongest(condition));
  }
}
