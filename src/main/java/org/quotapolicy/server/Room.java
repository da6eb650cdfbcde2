// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.quotapolicy.policy.RequestParser;
import org.quotapolicy.server.Statistics.Fault;

/**
 * Room for connections, shared by all listeners. Thread-safe.
 *
 * <p>When it is used up, the listener that has most gives up the connection that was idle longest,
 * or, if none is idle, the one that has waited for its peer for longest: so a flood on one leaves
 * the others theirs.
 *
 * <p>Parts of requests have a bound of their own: one takes as much memory as some idle connections
 * do, and Postfix, which sends a request at once and nothing before its answer, leaves hardly any.
 */
final class Room {
  /** Most bytes that an idle connection takes; junixsocket's 1,800, others 900. */
  private static final int CONNECTION = 2 << 10;

  private final int most;
  private final int mostParts;
  private final Statistics statistics;
  private final AtomicInteger used = new AtomicInteger();
  private final AtomicInteger parts = new AtomicInteger();
  private final List<ConnectionTable> tables = new CopyOnWriteArrayList<>();

  /**
   * Room that nobody uses yet.
   *
   * @param mostParts most connections that hold a part of a request
   */
  Room(int most, int mostParts, Statistics statistics) {
    this.most = most;
    this.mostParts = mostParts;
    this.statistics = statistics;
  }

  /** As many as may be, and not more than a third of the heap has room for, and an eighth. */
  static Room inHeap(int most, long heap, Statistics statistics) {
    long connections = Math.min(most, heap / 3 / CONNECTION);
    long parts = heap / 8 / RequestParser.MAX_HELD;
    return new Room((int) connections, (int) Math.min(parts, Integer.MAX_VALUE), statistics);
  }

  int most() {
    return most;
  }

  int mostParts() {
    return mostParts;
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

  /** A connection begins to hold a part of a request. */
  void takePart() {
    parts.incrementAndGet();
  }

  /** A connection holds none any more. */
  void giveBackPart() {
    parts.decrementAndGet();
  }

  /** Has a connection closed that holds a part of a request, if too many do; whether it did. */
  boolean dropPart() {
    return parts.get() > mostParts
        && counted(
            closeLongest(Connection::holdsPart, table -> table.count(Connection::holdsPart)));
  }

  /**
   * Has a connection closed: an idle one, else one that waits for its peer. Postfix sends a request
   * and takes an answer at once. False if all are owed answers.
   */
  boolean make() {
    return counted(
        closeLongest(Connection::isIdle, ConnectionTable::size)
            || closeLongest(Connection::isPeersTurn, ConnectionTable::size));
  }

  private boolean counted(boolean closed) {
    if (closed) {
      statistics.happened(Fault.CLOSED_FOR_ROOM);
    }
    return closed;
  }

  private boolean closeLongest(
      Predicate<Connection> condition, ToIntFunction<ConnectionTable> order) {
    return tables.stream()
        .sorted(Comparator.comparingInt(order).reversed())
        .anyMatch(table -> table.closeLongest(condition));
  }
}
