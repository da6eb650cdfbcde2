// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.net.InetAddress;
import java.time.temporal.ChronoUnit;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.QuotaType;

/**
 * All questions, and the servers they go to. Only the loop's thread uses it, but for {@link
 * #status}.
 */
final class Inquiries implements Inquiry.Ends {
  /** A host has mounts of a few. */
  static final int MOST_SERVERS = 256;

  private final RquotaSettings settings;
  private final Loop loop;
  private final int mapperPort;
  private final RquotaLog log;
  private final AnswerCache cache;
  private final Map<Question.Key, Inquiry> underWay = new HashMap<>();
  private final Map<InetAddress, Server> servers = new ConcurrentHashMap<>();

  Inquiries(RquotaSettings settings, Loop loop, int mapperPort, RquotaLog log) {
    this.mapperPort = mapperPort;
    this.settings = settings;
    this.loop = loop;
    this.log = log;
    this.cache = new AnswerCache(settings.cacheLife());
  }

  /** For any thread. */
  List<ServerStatus> status() {
    return servers.values().stream().map(Server::status).toList();
  }

  /** Asks, unless the answer is there already or on its way. */
  void ask(Question question, long deadline, Consumer<Outcome> sink) {
    Outcome.Told known = cache.get(question.key(), System.nanoTime());
    if (known != null) {
      sink.accept(known);
      return;
    }
    Server server = server(question.export());
    if (server == null) {
      sink.accept(Outcome.Unknown.overload("more than " + MOST_SERVERS + " NFS servers are asked"));
      return;
    }
    Inquiry inquiry = underWay.get(question.key());
    if (inquiry != null) {
      join(inquiry, deadline, sink);
    } else if (server.breaker().admits(System.nanoTime())) {
      begin(question, server, deadline, sink);
    } else {
      sink.accept(leftAlone(server));
    }
  }

  private void join(Inquiry inquiry, long deadline, Consumer<Outcome> sink) {
    String reason = "NFS server " + inquiry.server().name() + " did not answer in the time left";
    inquiry.add(new Waiter(loop, deadline, Outcome.Unknown.silence(reason), sink));
  }

  private void begin(Question question, Server server, long deadline, Consumer<Outcome> sink) {
    Caller caller = new Caller(loop, server.address(), mapperPort);
    Inquiry inquiry = new Inquiry(question, server, caller, settings.timeout(), this);
    underWay.put(question.key(), inquiry);
    join(inquiry, deadline, sink); // before it is sent, which may end it
    if (server.hasRoom()) {
      inquiry.send(settings.port());
    } else {
      await(inquiry);
    }
  }

  /**
   * A user's question was answered when his group's comes: that is not to be in vain, so it goes
   * before those of users who have nothing yet.
   */
  private static void await(Inquiry inquiry) {
    Deque<Inquiry> waiting = inquiry.server().waiting();
    if (inquiry.question().type() == QuotaType.GROUP) {
      waiting.addFirst(inquiry);
    } else {
      waiting.addLast(inquiry);
    }
    inquiry.waitForTurn();
  }

  /** Null if there are too many. One that nobody waits for makes room for another. */
  private @Nullable Server server(Export export) {
    Server known = servers.get(export.address());
    if (known == null && servers.size() >= MOST_SERVERS) {
      servers.values().stream()
          .filter(Server::isIdle)
          .findFirst()
          .ifPresent(idle -> servers.remove(idle.address()));
    }
    if (known == null && servers.size() < MOST_SERVERS) {
      known = new Server(export);
      servers.put(export.address(), known);
    }
    return known;
  }

  @Override
  public void answered(Inquiry inquiry, Outcome outcome, Transport by) {
    Server server = inquiry.server();
    underWay.remove(inquiry.question().key(), inquiry);
    if (server.answered(by)) {
      log.info().accept("NFS server " + server.name() + " answers again");
    }
    if (outcome instanceof Outcome.Told told) {
      cache.put(inquiry.question().key(), told, inquiry.created());
    }
    sendNext(server);
    inquiry.tell(outcome);
  }

  @Override
  public void unanswered(Inquiry inquiry, Outcome.Unknown outcome) {
    Server server = inquiry.server();
    underWay.remove(inquiry.question().key(), inquiry);
    if (!inquiry.isSent()) {
      server.waiting().remove(inquiry);
      server.breaker().withdrawn();
    } else if (server.unanswered(System.nanoTime())) {
      leaveAlone(server, outcome);
    }
    sendNext(server);
    inquiry.tell(outcome);
  }

  /** Who waits to ask it need not wait any longer. */
  private void leaveAlone(Server server, Outcome.Unknown last) {
    log.warning()
        .accept(
            last.reason()
                + "; it is asked only once in "
                + TimeUnit.NANOSECONDS.toSeconds(Breaker.REST)
                + " s until it answers, and others get \"could not tell\" at once");
    List<Inquiry> all = List.copyOf(server.waiting());
    server.waiting().clear(); // or the end of each would send the next
    all.forEach(next -> next.giveUp(leftAlone(server)));
  }

  private static Outcome.Unknown leftAlone(Server server) {
    return Outcome.Unknown.silence(
        "NFS server %s has not answered since %s"
            .formatted(server.name(), server.status().since().truncatedTo(ChronoUnit.SECONDS)));
  }

  private void sendNext(Server server) {
    while (server.hasRoom() && !server.waiting().isEmpty()) {
      server.waiting().remove().send(settings.port());
    }
  }
}
