// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connections on which other threads have left something to do for the selector's thread. */
final class AttentionQueue implements Consumer<Connection> {
  private final Queue<Connection> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Selector selector;

  AttentionQueue(Selector selector) {
    this.selector = selector;
  }

  /** Adds a connection; on any thread. */
  @Override
  public void accept(Connection connection) {
    waiting.add(connection);
    wakeUp();
  }

  /** Ends the present or next selection. One byte in junixsocket's pipe is enough for all. */
  void wakeUp() {
    if (woken.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  /** To be called after each selection, before {@link #poll}. */
  void awake() {
    woken.set(false);
  }

  /** Takes the next one. */
  @Nullable Connection poll() {
    return waiting.poll();
  }
}
