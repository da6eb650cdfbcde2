// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Hosts that get mail and ask one server, each with a client of its own, at random moments. */
final class MailHosts implements AutoCloseable {
  /** As --timeout is unless it is set. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private final List<RquotaClient> clients = new ArrayList<>();
  private final Popularity users;
  private final SplittableRandom random;
  private final AtomicLong told = new AtomicLong();
  private final AtomicLong tooMany = new AtomicLong();
  private final AtomicLong silence = new AtomicLong();
  private final AtomicLong nanosToTold = new AtomicLong();
  private final AtomicLong opened = new AtomicLong();
  private long requests;

  MailHosts(int count, BusyServer server, RquotaSettings settings, Popularity users, long seed) {
    RquotaLog log = new RquotaLog(text -> {}, text -> opened.incrementAndGet());
    for (int i = 0; i < count; i++) {
      clients.add(new RquotaClient(settings, log, server.mapperPort()));
    }
    this.users = users;
    this.random = new SplittableRandom(seed);
  }

  /**
   * What came of it so far.
   *
   * @param tooMany requests that were not told because too many others wait
   * @param silence those that were not because the server was silent
   * @param opened how often a host began to leave the server alone
   */
  record Result(
      long requests,
      long questions,
      long told,
      long tooMany,
      long silence,
      double secondsToTold,
      long opened) {

    Result since(Result before) {
      return new Result(
          requests - before.requests,
          questions - before.questions,
          told - before.told,
          tooMany - before.tooMany,
          silence - before.silence,
          secondsToTold - before.secondsToTold,
          opened - before.opened);
    }
  }

  /** Mail at so many requests a second for all hosts together, for a while. */
  void receive(double rate, Duration duration) {
    long next = System.nanoTime();
    long end = next + duration.toNanos();
    while (next < end) {
      LockSupport.parkNanos(next - System.nanoTime());
      if (next <= System.nanoTime()) {
        ask(clients.get(random.nextInt(clients.size())), users.draw(random));
        next += (long) (-Math.log(1 - random.nextDouble()) / rate * 1e9);
      }
    }
  }

  private void ask(RquotaClient client, long id) {
    Export export = new Export("nas", FakeServer.address(), "/home", true);
    long asked = System.nanoTime();
    requests++;
    client.ask(export, id, id, asked + PATIENCE, quotas -> count(quotas, asked));
  }

  private void count(RemoteQuotas quotas, long asked) {
    if (quotas.trouble().isEmpty()) {
      told.incrementAndGet();
      nanosToTold.addAndGet(System.nanoTime() - asked);
    } else {
      boolean isOverload = quotas.trouble().get().isOverload();
      (isOverload ? tooMany : silence).incrementAndGet();
    }
  }

  Result result() {
    long questions =
        clients.stream()
            .flatMap(client -> client.servers().stream())
            .mapToLong(ServerStatus::asked)
            .sum();
    return new Result(
        requests,
        questions,
        told.get(),
        tooMany.get(),
        silence.get(),
        nanosToTold.get() / 1e9,
        opened.get());
  }

  @Override
  public void close() throws IOException {
    for (RquotaClient client : clients) {
      client.close();
    }
  }
}
