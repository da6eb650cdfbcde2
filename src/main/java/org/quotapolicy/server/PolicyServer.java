// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.policy.ProtocolViolationException;
import org.quotapolicy.server.Statistics.Fault;

/**
 * Serves one listening socket: one thread and one selector for all its connections.
 *
 * <p>Every complete request gets exactly one answer: the handler's, or the on-error action if that
 * does not come in time. A peer that breaks the protocol, is too slow, or gone, loses his own
 * connection and nothing else. Source: Postfix SMTPD_POLICY_README.
 */
final class PolicyServer {
  private static final int BUFFER = 4_096;
  private static final int MAX_FAILURES = 100;

  private final Endpoint endpoint;
  private final Limits limits;
  private final long tickNanos;
  private final Room room;
  private final Statistics statistics;
  private final Log log;
  private final Dispatcher dispatcher;
  private final Selector selector;
  private final AttentionQueue attention;
  private final ConnectionTable connections;
  private final Acceptor acceptor;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final CountDownLatch ended = new CountDownLatch(1);

  private final AtomicReference<@Nullable CountDownLatch> roundAwaited = new AtomicReference<>();

  private volatile boolean began;
  private volatile boolean stopping;
  private boolean endpointClosed;
  private boolean stopped;
  private long stopBegan;
  private long lastTick = System.nanoTime();
  private boolean tickNeeded;
  private int failures;

  /**
   * Prepares to serve.
   *
   * @param endpoint closed by the server when it stops
   * @param room may be shared with other servers
   */
  PolicyServer(
      Endpoint endpoint,
      RequestHandler handler,
      Limits limits,
      Room room,
      Statistics statistics,
      Log log)
      throws IOException {
    this.endpoint = endpoint;
    this.limits = limits;
    this.tickNanos = limits.tick().toNanos();
    this.room = room;
    this.statistics = statistics;
    this.log = log;
    this.dispatcher = new Dispatcher(handler, statistics, log);
    this.selector = endpoint.channel().provider().openSelector();
    this.attention = new AttentionQueue(selector);
    this.connections = room.newTable();
    this.acceptor = new Acceptor(endpoint, selector, attention, connections, room, statistics, log);
  }

  /**
   * Serves on the calling thread until {@link #beginStop}.
   *
   * @throws IOException if the selector fails for good
   */
  void run() throws IOException {
    began = true;
    try {
      while (!stopped) {
        round();
      }
    } finally {
      connections.all().forEach(connections::close);
      endpoint.close();
      selector.close();
      ended.countDown();
    }
  }

  /**
   * Begins to end: no more connections are accepted, answers that are owed are given, the socket is
   * removed. On any thread.
   */
  void beginStop() {
    stopping = true;
    attention.wakeUp();
  }

  /**
   * Waits for the end, or until the thread is interrupted; not on the server's thread. One that has
   * not begun owes nobody anything.
   */
  void awaitEnd(long deadlineNanos) {
    try {
      if (began && !ended.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        log.error("policy server did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whether the server's thread comes round within this time: unless it does, nobody is answered.
   * On one other thread.
   */
  boolean comesRound(Duration time) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    roundAwaited.set(latch);
    attention.wakeUp();
    return latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void round() throws IOException {
    select();
    for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
      SelectionKey key = keys.next();
      keys.remove();
      attend(key);
    }
    for (Connection next = attention.poll(); next != null; next = attention.poll()) {
      turn(next, false);
    }
    dispatcher.finish();
    tick();
    if (stopping) {
      stopFurther();
    }
    CountDownLatch awaited = roundAwaited.getAndSet(null);
    if (awaited != null) {
      awaited.countDown();
    }
  }

  /** A signal can end poll(2), which junixsocket reports as a failure like any other. */
  private void select() throws IOException {
    try {
      if (tickNeeded || stopping) {
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(tickNanos)));
      } else {
        selector.select();
      }
      failures = 0;
    } catch (IOException e) {
      if (++failures > MAX_FAILURES) {
        throw e;
      }
    }
    // An interrupt would close whatever channel is used next.
    Thread.interrupted();
    attention.awake();
  }

  private void attend(SelectionKey key) {
    tickNeeded = true;
    if (acceptor.owns(key)) {
      acceptor.accept();
    } else if (key.attachment() instanceof Connection connection) {
      // junixsocket makes a key invalid when the peer has closed: nobody is there to be answered.
      if (key.isValid()) {
        turn(connection, connection.isReadable());
      } else {
        connections.close(connection);
      }
    }
  }

  /** Does what there is to do on a connection: send, then read, parse, hand over. */
  private void turn(Connection connection, boolean readable) {
    tickNeeded = true;
    try {
      connection.flush();
      if (!connection.holdUnlessReady() && (readable || connection.hasUnparsed())) {
        read(connection);
      }
      connection.watch();
    } catch (ProtocolViolationException e) {
      statistics.happened(Fault.PROTOCOL_VIOLATION);
      log.limited("violation", "connection closed: " + e.getMessage());
      connections.close(connection);
    } catch (IOException e) {
      connections.close(connection);
    } catch (RuntimeException e) {
      statistics.happened(Fault.BUG);
      log.limited("bug", "connection closed: " + e);
      connections.close(connection);
    }
  }

  private void read(Connection connection) throws IOException, ProtocolViolationException {
    Optional<ByteBuffer> input = connection.input(buffer);
    if (input.isEmpty()) {
      connections.close(connection);
      return;
    }
    do {
      Optional<Exchange> next = connection.next(input.get());
      while (next.isPresent()) {
        dispatcher.dispatch(next.get());
        next = connection.next(input.get());
      }
    } while (!connection.keep(input.get()));
    if (room.dropPart()) {
      log.limited("parts", "connection closed: too many half requests");
    }
  }

  private void tick() {
    long now = System.nanoTime();
    if (!tickNeeded || now - lastTick < tickNanos) {
      return;
    }
    lastTick = now;
    connections.all().forEach(connection -> expire(connection, now));
    tickNeeded = connections.hasDeadlines();
    acceptor.resume();
  }

  /** The second look is for an answer that comes between the two. */
  private void expire(Connection connection, long now) {
    if (!connection.isOverdue(now, limits)) {
      return;
    }
    Optional<Exchange> exchange = connection.exchange();
    if (exchange.isPresent()) {
      dispatcher.giveUp(exchange.get(), Trouble.TIME);
    } else if (connection.isOverdue(now, limits)) {
      statistics.happened(Fault.SLOW_PEER);
      log.limited("slow", "connection closed: peer too slow");
      connections.close(connection);
    }
  }

  private void stopFurther() throws IOException {
    long now = System.nanoTime();
    if (!endpointClosed) {
      endpointClosed = true;
      stopBegan = now;
      acceptor.stop();
      endpoint.close();
    }
    boolean late = now - stopBegan >= limits.stopTime().toNanos();
    for (Connection connection : connections.all()) {
      // Else he asks again, and the next daemon knows.
      if (late && !endpoint.outlivesUs()) {
        connection.exchange().ifPresent(owed -> dispatcher.giveUp(owed, Trouble.STOPPING));
      }
      if (!connection.holdUnlessReady() || late) {
        connections.close(connection);
      }
    }
    stopped = connections.isEmpty();
  }
}
