// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.Quota;

/**
 * A question to a server, for all who wait for the answer. By the transport that worked the last
 * time; if that says nothing in a third of the time, by the other as well.
 */
final class Inquiry {
  /** The one transport has so many parts of the time for itself. */
  private static final int PARTS = 3;

  /**
   * One that has waited for half of its time is given up: sent later, it would take the server's
   * time from others and end without an answer all the same, as if the server were silent.
   */
  private static final int WAITING_PARTS = 2;

  private final Question question;
  private final Server server;
  private final Caller caller;
  private final Loop loop;
  private final Duration timeout;
  private final Ends ends;
  private final long created = System.nanoTime();
  private final List<Waiter> waiters = new ArrayList<>();
  private final Map<Transport, Track> tracks = new EnumMap<>(Transport.class);
  private final Loop.Alarm deadline;
  private Loop.@Nullable Alarm second;
  private OptionalInt port = OptionalInt.empty();
  private @Nullable String trouble;
  private boolean isSent;
  private boolean isOver;

  /** What its end means to others. */
  interface Ends {
    /** The server has answered. */
    void answered(Inquiry inquiry, Outcome outcome, Transport by);

    /** It has not. */
    void unanswered(Inquiry inquiry, Outcome.Unknown outcome);
  }

  /** It must be over within the time-out from now on. */
  Inquiry(Question question, Server server, Caller caller, Duration timeout, Ends ends) {
    this.question = question;
    this.server = server;
    this.caller = caller;
    this.loop = caller.loop();
    this.timeout = timeout;
    this.ends = ends;
    this.deadline = loop.at(created + timeout.toNanos(), this::silence);
  }

  Question question() {
    return question;
  }

  Server server() {
    return server;
  }

  /** When it was made, as System.nanoTime(). */
  long created() {
    return created;
  }

  /** Whether the server was asked. */
  boolean isSent() {
    return isSent;
  }

  /** Somebody wants to know, too. */
  void add(Waiter waiter) {
    waiters.add(waiter);
  }

  /** It is sent later, or never. */
  void waitForTurn() {
    second = loop.at(created + timeout.toNanos() / WAITING_PARTS, this::giveUpWaiting);
  }

  /** Asks the server. */
  void send(OptionalInt fixedPort) {
    loop.cancel(second);
    isSent = true;
    port = fixedPort;
    server.asked();
    long left = created + timeout.toNanos() - System.nanoTime();
    second = loop.at(System.nanoTime() + left / PARTS, this::begin);
    begin();
  }

  /** Begins with the next transport, if there is one. */
  private void begin() {
    Transport first = server.transport();
    Transport next = tracks.containsKey(first) ? first.other() : first;
    if (!isOver && !tracks.containsKey(next)) {
      Track track = new Track(this, server, caller, next);
      tracks.put(next, track);
      track.begin(port);
    }
  }

  /** A track leads to nothing. Without a reason, there is no service. */
  void isOver(Track track, @Nullable String why) {
    track.close();
    trouble = why == null ? trouble : why;
    if (tracks.size() < Transport.values().length) {
      begin();
    } else if (tracks.values().stream().allMatch(Track::isOver)) {
      leadsToNothing();
    }
  }

  private void leadsToNothing() {
    if (trouble == null) {
      told(Quota.off(question.type(), question.id()), server.transport());
    } else {
      unanswered(Outcome.Unknown.failed(text(": " + trouble)));
    }
  }

  void told(Quota quota, Transport by) {
    end();
    ends.answered(this, new Outcome.Told(quota), by);
  }

  void notPermitted(String what, Transport by) {
    end();
    String reason = text(" " + what + ": see --nfs-auth");
    ends.answered(this, Outcome.Unknown.notPermitted(reason), by);
  }

  void failed(String what, Transport by) {
    end();
    ends.answered(this, Outcome.Unknown.failed(text(" " + what)), by);
  }

  /** It is given up, as the server is left alone. */
  void giveUp(Outcome.Unknown why) {
    end();
    unanswered(why);
  }

  private void silence() {
    unanswered(Outcome.Unknown.silence(text(" did not answer within " + seconds(1))));
  }

  private void giveUpWaiting() {
    String reason = text(" has too many questions, waited " + seconds(WAITING_PARTS));
    unanswered(Outcome.Unknown.overload(reason));
  }

  private String seconds(int parts) {
    return timeout.toMillis() / 1000.0 / parts + " s";
  }

  private void unanswered(Outcome.Unknown why) {
    end();
    ends.unanswered(this, why);
  }

  private String text(String what) {
    return "NFS server " + server.name() + what;
  }

  private void end() {
    isOver = true;
    loop.cancel(deadline);
    loop.cancel(second);
    tracks.values().forEach(Track::close);
  }

  /** Hands the outcome to all who wait for it. */
  void tell(Outcome outcome) {
    waiters.forEach(waiter -> waiter.tell(outcome));
  }
}
