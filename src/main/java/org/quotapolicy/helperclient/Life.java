// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.wire.FromHelper;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Hello;
import org.quotapolicy.wire.MalformedPacketException;
import org.quotapolicy.wire.Packets;

/** The life of one helper after the other: start, receive until it ends, wait, start again. */
final class Life {
  private final Starter starter;
  private final HelperLog log;
  private final Exchange exchange;
  private final HelperSettings settings;
  private final Receivers receivers;
  private final BiConsumer<Ask, Told> complete;
  private final Runnable lost;
  private final Backoff backoff;
  private volatile HelperState state = HelperState.NONE;

  /** What was wrong with what the helper of the moment said. */
  private volatile @Nullable String wrong;

  Life(
      Starter starter,
      HelperSettings settings,
      HelperLog log,
      Exchange exchange,
      Receivers receivers,
      BiConsumer<Ask, Told> complete,
      Runnable lost) {
    this.starter = starter;
    this.settings = settings;
    this.log = log;
    this.exchange = exchange;
    this.receivers = receivers;
    this.complete = complete;
    this.lost = lost;
    this.backoff = new Backoff(settings.firstBackoff(), settings.lastBackoff());
  }

  HelperState state() {
    return state;
  }

  /** Lives until all is over, beginning with a helper that was started. */
  void live(Link first) {
    try {
      converse(first);
      while (starter.isRepeatable() && !exchange.isOver()) {
        exchange.pause(backoff.next());
        startAndConverse();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lose();
    }
  }

  private void startAndConverse() throws InterruptedException {
    if (exchange.isOver()) {
      return;
    }
    try {
      converse(starter.start());
    } catch (IOException e) {
      String reason = exchange.close("it cannot be started: " + e.getMessage());
      log.warning().accept("no helper: " + reason);
    }
  }

  private void converse(Link link) throws InterruptedException {
    Conversation conversation = new Conversation(link, settings);
    exchange.open(conversation);
    wrong = null;
    receivers.receive(() -> receive(link));
    String reason = exchange.close(wrong);
    if (conversation.hasSettled()) {
      backoff.reset();
    }
    String fate = link.close();
    state = state.withEnded();
    String why = reason.equals(Link.ENDED) ? fate : reason + "; " + fate;
    (exchange.isOver() ? log.info() : log.warning()).accept("helper ended: " + why);
  }

  private void lose() {
    if (!exchange.isOver()) {
      String reason = exchange.silence();
      // First, while all who ask still wait: a daemon may know better than to answer.
      lost.run();
      Told told = new Told.Silent(new CouldNotTell(reason));
      exchange.end(reason).forEach(ask -> complete.accept(ask, told));
    }
  }

  /**
   * Sends what has gathered, then waits for a packet and gives what it completes; null = no more.
   */
  private @Nullable List<Delivery> receive(Link link) {
    try {
      exchange.flush();
      ByteBuffer packet = link.receive();
      return packet == null ? null : take(Packets.decodeFromHelper(packet));
    } catch (IOException e) {
      wrong = "it cannot be read from: " + e.getMessage();
    } catch (MalformedPacketException e) {
      wrong = "it talks nonsense: " + e.getMessage();
    }
    return null;
  }

  /** Takes a packet in; null if it ends the conversation. */
  private @Nullable List<Delivery> take(List<FromHelper> packet) {
    if (packet.get(0) instanceof Hello hello) {
      wrong = greet(hello);
    } else if (!exchange.hasBegun()) {
      wrong = "it speaks before its HELLO";
    } else if (packet.get(0) instanceof Answer) {
      return exchange.answered(packet);
    } else {
      exchange.heard();
    }
    return wrong == null ? List.of() : null;
  }

  private @Nullable String greet(Hello hello) {
    if (hello.version() != Packets.VERSION) {
      return "it and the daemon are of different versions: their packets are of version %d and %d"
          .formatted(hello.version(), Packets.VERSION);
    }
    if (exchange.hasBegun()) {
      return "it says HELLO again";
    }
    // Said first: whoever waits for the helper goes on, and tells of it, as soon as it has begun.
    log.info().accept("helper started: process " + hello.pid());
    state = state.withStarted(hello.pid());
    exchange.begin();
    return null;
  }
}
