// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.ProtocolViolationException;
import org.quotapolicy.policy.RequestParser;

/**
 * One connection, in lock-step: while a request is under way, nothing more is read.
 *
 * <p>The selector's thread reads, parses and closes; {@link #answer} comes on any thread and writes
 * at once, so that an answer needs no wake-up. Every use of the descriptor happens under this
 * object's lock: junixsocket closes it inside a failing write, and its number could be another
 * connection's before a read with the old one. No handler is called under the lock.
 */
final class Connection {

  private enum State {
    /** No request has begun. */
    IDLE,
    /** A request has begun. */
    RECEIVING,
    /** A request is complete, and owed an answer. */
    ANSWERING,
    /** The peer has not taken all of the answer. */
    SENDING,
    CLOSED
  }

  private final SocketChannel channel;
  private final Consumer<Connection> attention;
  private final Room room;
  private final Statistics statistics;
  private final RequestParser parser = new RequestParser();

  private State state = State.IDLE;
  private long since = System.nanoTime();
  private boolean held;
  private boolean broken;
  private boolean partTaken;
  private @Nullable SelectionKey key;
  private int interest = SelectionKey.OP_READ;
  private @Nullable Exchange exchange;
  private @Nullable ByteBuffer unparsed;
  private @Nullable ByteBuffer unsent;

  /**
   * Takes over an accepted channel.
   *
   * @param attention called, on any thread, when the selector's thread has something to do here
   * @param room told whether this holds a part of a request
   */
  Connection(
      SocketChannel channel, Consumer<Connection> attention, Room room, Statistics statistics) {
    this.channel = channel;
    this.attention = attention;
    this.room = room;
    this.statistics = statistics;
  }

  /** Enters the selector. */
  synchronized void register(Selector selector) throws IOException {
    channel.configureBlocking(false);
    key = channel.register(selector, interest, this);
  }

  /**
   * What there is to parse: bytes kept from before, else what can be read into the buffer.
   *
   * @return empty if the peer has ended the connection
   */
  synchronized Optional<ByteBuffer> input(ByteBuffer buffer) throws IOException {
    if (unparsed != null) {
      ByteBuffer rest = unparsed;
      unparsed = null;
      tellRoom();
      return Optional.of(rest);
    }
    int count = channel.read(buffer.clear());
    return count < 0 ? Optional.empty() : Optional.of(buffer.flip());
  }

  /** Begins the next exchange, if one may begin now and its request is complete. */
  synchronized Optional<Exchange> next(ByteBuffer input) throws ProtocolViolationException {
    if (!isReady()) {
      return Optional.empty();
    }
    Optional<AccessPolicyRequest> request = parser.parse(input);
    if (request.isPresent()) {
      exchange = new Exchange(this, request.get());
      enter(State.ANSWERING);
    } else if (state == State.IDLE && !parser.isIdle()) {
      enter(State.RECEIVING);
    }
    tellRoom();
    return Optional.ofNullable(exchange);
  }

  /**
   * Keeps what was not parsed because of lock-step; that is nothing, with Postfix.
   *
   * @return false if there is more to parse after all: the answer has come meanwhile
   */
  synchronized boolean keep(ByteBuffer input) {
    if (input.hasRemaining() && isReady()) {
      return false;
    }
    if (input.hasRemaining()) {
      unparsed = copy(input);
      tellRoom();
    }
    return true;
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  /** Answers an exchange, unless it is over; whether it did. */
  synchronized boolean answer(Exchange answered, Action action) {
    if (exchange != answered) {
      return false;
    }
    exchange = null;
    unsent = action.reply();
    statistics.answered(action, System.nanoTime() - since);
    enter(State.SENDING);
    try {
      flush();
    } catch (IOException e) {
      broken = true;
    }
    if (state == State.SENDING || held || unparsed != null) {
      attention.accept(this);
    }
    return true;
  }

  /** Sends what the peer will take. */
  synchronized void flush() throws IOException {
    if (broken) {
      throw new IOException("peer gone");
    }
    if (unsent == null) {
      return;
    }
    channel.write(unsent);
    if (!unsent.hasRemaining()) {
      unsent = null;
      enter(State.IDLE);
    }
  }

  /**
   * Decides whether to go on reading. If not, attention is asked for when the answer is given, and
   * until then the selector looks for nothing.
   */
  synchronized boolean holdUnlessReady() {
    held = !isReady();
    return held;
  }

  /**
   * Has the selector look for what can be done next. While a request is under way it still looks
   * for input: as none comes in lock-step, that spares two system calls a request.
   */
  synchronized void watch() {
    int wanted = wanted();
    if (key != null && state != State.CLOSED && wanted != interest) {
      interest = wanted;
      key.interestOps(wanted);
    }
  }

  private int wanted() {
    if (state == State.SENDING) {
      return SelectionKey.OP_WRITE;
    }
    return held ? 0 : SelectionKey.OP_READ;
  }

  /**
   * Whether the selector found something to read. Asked of the key elsewhere, it fails when another
   * listener's thread closes this connection at that moment to have room.
   */
  synchronized boolean isReadable() {
    return key != null && key.isValid() && key.isReadable();
  }

  /** Whether bytes were kept from before. */
  synchronized boolean hasUnparsed() {
    return unparsed != null;
  }

  /** Whether no request has begun. */
  synchronized boolean isIdle() {
    return state == State.IDLE;
  }

  /** Whether it is for the peer to send the rest of a request, or to take that of an answer. */
  synchronized boolean isPeersTurn() {
    return state == State.RECEIVING || state == State.SENDING;
  }

  /** Whether it holds a part of a request, or what was sent before the last one was answered. */
  synchronized boolean holdsPart() {
    return state == State.RECEIVING || unparsed != null;
  }

  private void tellRoom() {
    if (holdsPart() == partTaken) {
      return;
    }
    partTaken = !partTaken;
    if (partTaken) {
      room.takePart();
    } else {
      room.giveBackPart();
    }
  }

  private boolean isReady() {
    return state == State.IDLE || state == State.RECEIVING;
  }

  /** The exchange under way, if any. */
  synchronized Optional<Exchange> exchange() {
    return Optional.ofNullable(exchange);
  }

  /** When it became what it is, as {@link System#nanoTime}. */
  synchronized long since() {
    return since;
  }

  /** Whether a peer, or an answer, has taken too long. */
  synchronized boolean isOverdue(long now, Limits limits) {
    return switch (state) {
      case RECEIVING -> now - since >= limits.requestTime().toNanos();
      case ANSWERING -> now - since >= limits.answerTime().minus(limits.tick()).toNanos();
      case SENDING -> now - since >= limits.readTime().toNanos();
      case IDLE, CLOSED -> false;
    };
  }

  private void enter(State next) {
    state = next;
    since = System.nanoTime();
  }

  /** Ends it on any thread, if it is still like that; whether it did. */
  synchronized boolean closeIf(Predicate<Connection> condition) throws IOException {
    if (!condition.test(this)) {
      return false;
    }
    try {
      close();
    } finally {
      // The JDK lets a descriptor go only in the next selection.
      attention.accept(this);
    }
    return true;
  }

  /** Ends it; an exchange under way is over without an answer. */
  synchronized void close() throws IOException {
    state = State.CLOSED;
    exchange = null;
    unparsed = null;
    unsent = null;
    tellRoom();
    channel.close();
  }
}
