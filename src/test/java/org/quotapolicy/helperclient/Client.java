// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.wire.Scope;

/** A client under test, which counts the results of each ask. */
final class Client implements AutoCloseable {
  /** Long enough never to pass in a test that goes well. */
  static final Duration AMPLE = Duration.ofSeconds(20);

  private final List<AtomicInteger> counts = new CopyOnWriteArrayList<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final AtomicInteger losses = new AtomicInteger();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private final Set<Thread> before = Thread.getAllStackTraces().keySet();
  private final HelperClient client;
  private volatile Runnable whenLost = () -> {};

  Client(Starter starter, HelperSettings settings) throws IOException {
    HelperLog lines = new HelperLog(log::add, line -> log.add("warning: " + line));
    client = new HelperClient(starter, settings, lines, this::loss);
    client.start();
  }

  Client(Starter starter) throws IOException {
    this(starter, settings(AMPLE));
  }

  static HelperSettings settings(Duration timeout) {
    Duration backoff = Duration.ofMillis(5);
    return new HelperSettings(
        timeout, timeout, AMPLE, backoff, backoff.multipliedBy(4), AMPLE, 4096);
  }

  /** Whether any of its threads is left; one that has done all it had to is there for a moment. */
  boolean isRunning() throws InterruptedException {
    for (int i = 0; i < 100 && hasThreads(); i++) {
      Thread.sleep(10);
    }
    return hasThreads();
  }

  private boolean hasThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("helper-") && !before.contains(thread));
  }

  HelperClient client() {
    return client;
  }

  CompletableFuture<LookupResult> ask(String user) {
    return ask(user, AMPLE);
  }

  CompletableFuture<LookupResult> ask(String user, Duration time) {
    CompletableFuture<LookupResult> result = new CompletableFuture<>();
    AtomicInteger count = new AtomicInteger();
    counts.add(count);
    client.ask(
        user,
        new Scope.Home(),
        System.nanoTime() + time.toNanos(),
        r -> {
          count.incrementAndGet();
          result.complete(r);
        });
    client.flush();
    return result;
  }

  /** Waits until the log has a line with this text. */
  void awaitLog(String text) throws InterruptedException {
    long end = System.nanoTime() + AMPLE.toNanos();
    while (log.stream().noneMatch(line -> line.contains(text))) {
      assertTrue(System.nanoTime() < end, () -> "no \"" + text + "\" in " + log);
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** Has this done when the helper is lost, on the client's thread. */
  void whenLost(Runnable task) {
    whenLost = task;
  }

  void awaitLost() {
    lost.orTimeout(AMPLE.toSeconds(), TimeUnit.SECONDS).join();
  }

  int losses() {
    return losses.get();
  }

  List<String> log() {
    return log;
  }

  private void loss() {
    losses.incrementAndGet();
    whenLost.run();
    lost.complete(null);
  }

  /** Stops the client; by then every ask must have had one result, and no more. */
  @Override
  public void close() {
    client.stop();
    for (AtomicInteger count : counts) {
      assertEquals(1, count.get(), "results of an ask");
    }
  }
}
