// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaType;

/** A client and what it was told; asks a server on the loopback. */
final class Asked implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofMillis(900);

  /** When the test gives up: an answer later than this is none. */
  private static final Duration LATE = Duration.ofSeconds(10);

  final List<String> log = new CopyOnWriteArrayList<>();
  private final RquotaClient client;

  /** A client that does not keep answers. */
  static Asked of(FakeServer server) {
    return with(server, RquotaSettings.DEFAULT.withTimeout(TIMEOUT).withCacheLife(Duration.ZERO));
  }

  static Asked with(FakeServer server, RquotaSettings settings) {
    return new Asked(settings, server.mapperPort);
  }

  /** One whose thread comes from elsewhere. */
  static Asked on(FakeServer server, ThreadFactory factory) {
    return new Asked(RquotaSettings.DEFAULT.withTimeout(TIMEOUT), server.mapperPort, factory);
  }

  Asked(RquotaSettings settings, int mapperPort) {
    this(settings, mapperPort, Loop::thread);
  }

  private Asked(RquotaSettings settings, int mapperPort, ThreadFactory factory) {
    client =
        new RquotaClient(
            settings,
            new RquotaLog(t -> log.add("info " + t), t -> log.add("warning " + t)),
            mapperPort,
            factory);
  }

  /** What is told within some time, and how long that took. */
  record Told(RemoteQuotas quotas, Duration took) {
    Quota user() {
      return quotas.quotas().get(0);
    }

    Quota group() {
      return quotas.quotas().get(1);
    }

    /** Why it could not be told. */
    String trouble() {
      return quotas.trouble().orElseThrow(() -> new AssertionError("told " + quotas)).reason();
    }
  }

  /** Asks for uid 1000, gid 100 on an NFSv4 mount of /home, and waits. */
  Told ask() {
    return ask(export("/home", true), 1000, 100);
  }

  Told ask(Export export, long uid, long gid) {
    return begin(export, uid, gid, Duration.ofSeconds(5)).get();
  }

  Told ask(Export export, QuotaType type, long id) {
    Pending pending = new Pending(new LinkedBlockingQueue<>(), System.nanoTime());
    client.ask(export, type, id, answer -> pending.answers.add(new Told(answer, Duration.ZERO)));
    return pending.get();
  }

  /** Asks, and leaves the answer to this. */
  void begin(Consumer<RemoteQuotas> sink) {
    long deadline = System.nanoTime() + LATE.toNanos();
    client.ask(export("/home", true), 1000, 100, deadline, sink);
  }

  /** Asks, and does not wait. */
  Pending begin(Export export, long uid, long gid, Duration patience) {
    Pending pending = new Pending(new LinkedBlockingQueue<>(), System.nanoTime());
    client.ask(
        export,
        uid,
        gid,
        System.nanoTime() + patience.toNanos(),
        answer ->
            pending.answers.add(
                new Told(answer, Duration.ofNanos(System.nanoTime() - pending.start))));
    return pending;
  }

  static Export export(String path, boolean isVersion4) {
    return new Export("nas", FakeServer.address(), path, isVersion4);
  }

  ServerStatus server() {
    return client.servers().get(0);
  }

  @Override
  public void close() throws java.io.IOException {
    client.close();
  }

  /** A question under way. */
  record Pending(LinkedBlockingQueue<Told> answers, long start) {
    Told get() {
      try {
        @Nullable Told told = answers.poll(LATE.toMillis(), TimeUnit.MILLISECONDS);
        assertNotNull(told, "nothing was told");
        return told;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void assertToldOnce() {
      assertTrue(answers.isEmpty(), "told again: " + answers);
    }
  }
}
