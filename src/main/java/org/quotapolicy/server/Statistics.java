// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.quotapolicy.policy.Action;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * What the daemon has done since its start. Counted on any thread, and nobody waits: a request
 * costs two adders, a look into a small map and a histogram's cell.
 */
public final class Statistics {
  private final Instant since = Instant.now();
  private final LongAdder requests = new LongAdder();
  private final LongAdder dunno = new LongAdder();
  private final Counters<String> otherActions = new Counters<>();
  private final Counters<Refusal> refusals = new Counters<>();
  private final Counters<Trouble> couldNotTell = new Counters<>();
  private final Counters<Fault> faults = new Counters<>();
  private final Latencies latencies = new Latencies();
  private final AtomicInteger mostConnections = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Configuration configuration = new Configuration(since, since, List.of());

  /** What a refusal was for; each combination is counted apart. */
  public record Refusal(Reason reason, Refuse.Cause cause, QuotaType type) {
    /** What there is too little of. */
    public enum Reason {
      SPACE,
      INODES,
      /** Space: the message would not fit even an empty mailbox. */
      TOO_LARGE
    }

    private static Refusal of(Refuse refuse) {
      Reason space = refuse.isTooLarge() ? Reason.TOO_LARGE : Reason.SPACE;
      return new Refusal(
          refuse.resource() == Resource.SPACE ? space : Reason.INODES,
          refuse.cause(),
          refuse.type());
    }
  }

  /** What happened to connections. */
  public enum Fault {
    /** A peer did not keep to the protocol. */
    PROTOCOL_VIOLATION,
    /** A peer sent its request, or took its answer, too slowly. */
    SLOW_PEER,
    /** A connection by TCP from an address that is not allowed. */
    PEER_NOT_ALLOWED,
    /** An idle connection, or one with half a request, was closed to make room for another. */
    CLOSED_FOR_ROOM,
    /** A connection could not be accepted. */
    NOT_ACCEPTED,
    /** A mistake in this program. */
    BUG;

    /** Its name as a value in a report. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The state of the configuration.
   *
   * @param loaded when what is in force was read
   * @param tried when it was last tried to read it
   * @param problems why that failed; empty if it did not
   */
  public record Configuration(Instant loaded, Instant tried, List<String> problems) {
    public Configuration {
      problems = List.copyOf(problems);
    }
  }

  void requested() {
    requests.increment();
  }

  void answered(Action action, long nanos) {
    if (action.equals(Action.DUNNO)) {
      dunno.increment();
    } else {
      otherActions.count(action.toString().split(" ", 2)[0]);
    }
    latencies.add(nanos);
  }

  void refused(Refuse refuse) {
    refusals.count(Refusal.of(refuse));
  }

  /** Counts a request about which it could not be told. */
  void couldNotTell(Trouble trouble) {
    couldNotTell.count(trouble);
  }

  void happened(Fault fault) {
    faults.count(fault);
  }

  void connected() {
    int now = connections.incrementAndGet();
    mostConnections.accumulateAndGet(now, Math::max);
  }

  void disconnected() {
    connections.decrementAndGet();
  }

  /** The configuration was read again and is in force. */
  public void reloaded() {
    Instant now = Instant.now();
    configuration = new Configuration(now, now, List.of());
  }

  /** The configuration was read again and is not in force. */
  public void notReloaded(List<String> problems) {
    configuration = new Configuration(configuration.loaded(), Instant.now(), problems);
  }

  /** When counting began. */
  public Instant since() {
    return since;
  }

  /** Complete requests. */
  public long requests() {
    return requests.sum();
  }

  /** Answers that were given, by the first word of their action. */
  public Map<String, Long> answers() {
    Map<String, Long> answers = new TreeMap<>(otherActions.read());
    answers.put(Action.DUNNO.toString(), dunno.sum());
    return answers;
  }

  /** Refusals; those of a dry run, too. */
  public Map<Refusal, Long> refusals() {
    return refusals.read();
  }

  /** Requests about which it could not be told, by kind of trouble. */
  public Map<Trouble, Long> couldNotTell() {
    return couldNotTell.read();
  }

  /** What happened to connections. */
  public Map<Fault, Long> faults() {
    return faults.read();
  }

  /** How long answers took. */
  public Latency latency() {
    return latencies.read();
  }

  /** Open connections. */
  public int connections() {
    return connections.get();
  }

  /** Most connections that were open at once. */
  public int mostConnections() {
    return mostConnections.get();
  }

  /** The state of the configuration. */
  public Configuration configuration() {
    return configuration;
  }
}
