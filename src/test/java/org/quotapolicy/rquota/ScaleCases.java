// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;

/**
 * The real client against a server that takes its time, and what docs/scale.md says that comes of
 * it. Time passes here, and another busy program is in the figures.
 */
final class ScaleCases {
  private static final long MILLIONS = 10_000_000;
  private static final long SEED = 7;
  private static final Duration FILLING = Duration.ofSeconds(5);
  private static final Duration WATCHED = Duration.ofSeconds(15);
  private static final Duration LONG = Duration.ofSeconds(40); // a queue is slow to forget

  private final PrintStream out;

  ScaleCases(PrintStream out) {
    this.out = out;
  }

  /** Mail for hosts that ask one server; all rates are of all hosts together. */
  record Setup(int hosts, double rate, double serviceMillis, int cacheSeconds, Popularity users) {

    CacheForecast forecast() {
      return CacheForecast.of(users, rate / hosts, cacheSeconds, AnswerCache.MOST, true);
    }

    /** What a host asks at once is longer under way than this, if all ask as much as they may. */
    double secondsWhenFull() {
      return hosts * Server.MOST_UNDER_WAY * serviceMillis / 1e3;
    }
  }

  /** What was seen. */
  record Seen(MailHosts.Result hosts, BusyServer.Work server, double seconds) {
    double questionsPerRequest() {
      return (double) hosts.questions() / hosts.requests();
    }

    double load() {
      return server.busySeconds() / seconds;
    }

    double millisToTold() {
      return hosts.secondsToTold() / hosts.told() * 1e3;
    }

    /** By Pollaczek and Khinchine, if both questions of a request were served at one go. */
    double leastMillis() {
      double rate = server.calls() / seconds;
      double waits = rate * server.meanSquare() / (2 * (1 - load()));
      return 2 * (waits + server.meanSeconds()) * 1e3;
    }

    /** If the server shared its time among all: between the two is one question in turn. */
    double mostMillis() {
      return 2 * server.meanSeconds() / (1 - load()) * 1e3;
    }
  }

  void run() throws IOException {
    out.println("| case | hosts | requests/s | a question takes | | predicted | simulated |");
    out.println("|---|---|---|---|---|---|---|");
    caches();
    queues();
    overloads();
    silence();
  }

  private void caches() throws IOException {
    cache("cache of 4 s", new Setup(4, 200, 0.2, 4, new Popularity(MILLIONS, 1)));
    cache("all to one user, cache of 2 s", new Setup(4, 400, 0.2, 2, new Popularity(1, 0)));
  }

  private void cache(String name, Setup setup) throws IOException {
    Seen seen = watch(setup, WATCHED);
    double predicted = setup.forecast().perRequest();
    row(name, setup, "questions for a request", "%.3f", predicted, seen.questionsPerRequest());
  }

  private void queues() throws IOException {
    for (double load : new double[] {0.5, 0.7}) {
      double rate = load * 1e3 / 10 / 2; // each asks twice
      Setup setup = new Setup(4, rate, 10, 0, new Popularity(MILLIONS, 0));
      Seen seen = watch(setup, LONG);
      String name = "load %.2f".formatted(seen.load());
      String predicted = "%.0f to %.0f".formatted(seen.leastMillis(), seen.mostMillis());
      String simulated = "%.0f".formatted(seen.millisToTold());
      row(name, setup, "ms to the answer", predicted, simulated);
    }
  }

  private void overloads() throws IOException {
    overload("twice what it can", new Setup(2, 200, 5, 0, new Popularity(MILLIONS, 0)));
    overload("the same, many hosts", new Setup(16, 100, 10, 0, new Popularity(MILLIONS, 0)));
  }

  private void overload(String name, Setup setup) throws IOException {
    Seen seen = watch(setup, WATCHED);
    boolean collapses = setup.secondsWhenFull() > RquotaSettings.DEFAULT.timeout().toMillis() / 2e3;
    String what = "%.1f s when full: left alone".formatted(setup.secondsWhenFull());
    String simulated =
        "%s (%d times; told %.0f %%)"
            .formatted(
                seen.hosts().opened() > 0 ? "yes" : "no",
                seen.hosts().opened(),
                100.0 * seen.hosts().told() / seen.hosts().requests());
    row(name, setup, what, collapses ? "yes" : "no", simulated);
  }

  /**
   * Each host has as many questions under way as it may; when the first of them end, others take
   * their places until it leaves the server alone; then it tries one after each rest.
   */
  private void silence() throws IOException {
    Setup setup = new Setup(4, 400, 0.2, 0, new Popularity(MILLIONS, 0));
    try (BusyServer server = server(setup);
        MailHosts hosts = hosts(setup, server)) {
      server.fallSilent();
      hosts.receive(setup.rate(), Duration.ofSeconds(30));
      int tries = 2; // 14 and 26 s after the start: a time-out takes 2 s, a rest 10 s
      double predicted = Server.MOST_UNDER_WAY + Breaker.PATIENCE - 1 + tries;
      double asked = (double) hosts.result().questions() / setup.hosts();
      row("silent for 30 s", setup, "questions of a host", "%.0f", predicted, asked);
    }
  }

  private static Seen watch(Setup setup, Duration duration) throws IOException {
    try (BusyServer server = server(setup);
        MailHosts hosts = hosts(setup, server)) {
      hosts.receive(setup.rate(), FILLING);
      MailHosts.Result before = hosts.result();
      BusyServer.Work done = server.work();
      hosts.receive(setup.rate(), duration);
      return new Seen(
          hosts.result().since(before), server.work().since(done), duration.toSeconds());
    }
  }

  private static BusyServer server(Setup setup) throws IOException {
    return new BusyServer(Duration.ofNanos((long) (setup.serviceMillis() * 1e6)));
  }

  private static MailHosts hosts(Setup setup, BusyServer server) {
    Duration life = Duration.ofSeconds(setup.cacheSeconds());
    RquotaSettings settings = RquotaSettings.DEFAULT.withCacheLife(life);
    return new MailHosts(setup.hosts(), server, settings, setup.users(), SEED);
  }

  private void row(
      String name, Setup setup, String what, String format, double predicted, double simulated) {
    row(name, setup, what, format.formatted(predicted), format.formatted(simulated));
  }

  private void row(String name, Setup setup, String what, String predicted, String simulated) {
    out.printf(
        "| %s | %d | %.0f | %s ms | %s | %s | %s |%n",
        name, setup.hosts(), setup.rate(), setup.serviceMillis(), what, predicted, simulated);
  }
}
