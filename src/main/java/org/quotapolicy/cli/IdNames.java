// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.system.NameService;

/**
 * Names of ids, as long as that does not take too long: a name service may be slow, or hang, and a
 * number does, too. On a thread of its own, as it cannot be interrupted.
 */
final class IdNames {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final LongFunction<Optional<String>> user;
  private final LongFunction<Optional<String>> group;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(IdNames::daemonThread);
  private long left;

  IdNames(
      LongFunction<Optional<String>> user,
      LongFunction<Optional<String>> group,
      Duration patience) {
    this.user = user;
    this.group = group;
    this.left = patience.toNanos();
  }

  /** Those of the name service. */
  static IdNames ofNameService() {
    return new IdNames(NameService::userName, NameService::groupName, PATIENCE);
  }

  /** A name, each byte as one char; empty if there is none, or it takes too long. */
  Optional<String> of(QuotaType type, long id) {
    return switch (type) {
      case USER -> ask(user, id);
      case GROUP -> ask(group, id);
      case PROJECT -> Optional.empty();
    };
  }

  private Optional<String> ask(LongFunction<Optional<String>> names, long id) {
    if (left <= 0) {
      return Optional.empty();
    }
    long start = System.nanoTime();
    try {
      return thread.submit(() -> names.apply(id)).get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      left -= System.nanoTime() - start;
    }
  }

  private static Thread daemonThread(Runnable body) {
    Thread thread = new Thread(body, "names");
    thread.setDaemon(true);
    return thread;
  }
}
