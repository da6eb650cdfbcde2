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
  private final BiConsumer<Ask, Told> complete;
  private final Runnable lost;
  private final Backoff backoff;
  private volatile HelperState state = HelperState.NONE;

  Life(
      Starter starter,
      HelperSettings settings,
      HelperLog log,
      Exchange exchange,
      BiConsumer<Ask, Told> complete,
      Runnable lost) {
    this.starter = starter;
    this.settings = settings;
    this.log = log;
    this.exchange = exchange;
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

  private void startAndConverse() {
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

  private void converse(Link link) {
    Conversation conversation = new Conversation(link, settings);
    exchange.open(conversation);
    String reason = exchange.close(receiveAll(link));
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
      List<Ask> left = exchange.end(reason);
      // First: a daemon may know better than to answer.
      Told told = new Told.Silent(new CouldNotTell(reason));
      lost.run();
      left.forEach(ask -> complete.accept(ask, told));
    }
  }

  /** Receives to the end. If that comes from something that was said, says what. */
  private @Nullable String receiveAll(Link link) {
    try {
      String wrong = null;
      ByteBuffer packet = link.receive();
      while (packet != null && wrong == null) {
        wrong = take(Packets.decodeFromHelper(packet));
        packet = wrong == null ? link.receive() : null;
      }
      return wrong;
    } catch (IOException e) {
      return "it cannot be read from: " + e.getMessage();
    } catch (MalformedPacketException e) {
      return "it talks nonsense: " + e.getMessage();
    }
  }

  /** Takes a packet in; if it ends the conversation, says why. */
  private @Nullable String take(List<FromHelper> packet) {
    String wrong = null;
    for (FromHelper message : packet) {
      wrong = wrong == null ? take(message) : wrong;
    }
    return wrong;
  }

  private @Nullable String take(FromHelper packet) {
    if (packet instanceof Hello hello) {
      return greet(hello);
    }
    if (!exchange.hasBegun()) {
      return "it speaks before its HELLO";
    }
    if (packet instanceof Answer answer) {
      Told told = new Told.Answered(answer.outcome());
      exchange.answered(answer).forEach(ask -> complete.accept(ask, told));
    } else {
      exchange.heard();
    }
    return null;
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
