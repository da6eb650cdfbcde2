// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.NoSuchUser;
import org.quotapolicy.wire.Scope;
import org.quotapolicy.wire.ToHelper.Lookup;

/**
 * Asks the helper, and sees to it that there is one.
 *
 * <p>Each ask gets exactly one result, at its deadline at the latest, whatever the helper does. A
 * helper that ends, hangs or talks nonsense is replaced if that is possible, and what it left
 * unanswered is asked again; if it is not, every ask gets could-not-tell from then on.
 */
public final class HelperClient implements Helper {
  private static final Duration LONGEST_STOP = Duration.ofMillis(150);

  /** How often to look whether the helper has answered. */
  private static final int LOOK_MS = 20;

  private static final String STOPPING = "the daemon is stopping";

  private final Starter starter;
  private final HelperLog log;
  private final Exchange exchange;
  private final Receivers receivers;
  private final Life life;
  private @Nullable Thread lifeThread;
  private @Nullable Thread deadlineThread;

  /**
   * A client that has not started.
   *
   * @param lost called once, on a thread of the client, when the helper is gone for good; not after
   *     {@link #stop}
   */
  public HelperClient(
      HelperCommand command, HelperSettings settings, HelperLog log, Runnable lost) {
    this((Starter) command, settings, log, lost);
  }

  HelperClient(Starter starter, HelperSettings settings, HelperLog log, Runnable lost) {
    this.starter = starter;
    this.log = log;
    this.exchange = new Exchange(settings);
    this.receivers = new Receivers(result -> complete(result.ask(), result.told()), log.warning());
    this.life = new Life(starter, settings, log, exchange, receivers, this::complete, lost);
  }

  /**
   * Starts the helper. On return its process exists, so a daemon that is root need be so no longer;
   * {@link #awaitReady} tells when it is ready.
   */
  public void start() throws IOException {
    Link first = starter.start();
    lifeThread = thread("helper-life", () -> life.live(first));
    deadlineThread = thread("helper-deadlines", this::expire);
  }

  /** What has become of the helpers until now. */
  public HelperState state() {
    return life.state();
  }

  /** Waits until the helper is ready to be asked; false if it was not in time, or is lost. */
  public boolean awaitReady(Duration time) throws InterruptedException {
    return exchange.awaitReady(time);
  }

  /**
   * Has the helper show that it lives. One that does not is given up, as after a look-up without an
   * answer.
   *
   * @return whether it is known, within this time, that it lives or that there is none
   */
  public boolean isProven(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    exchange.demandSign();
    while (exchange.isInDoubt() && end - System.nanoTime() > 0) {
      Thread.sleep(LOOK_MS);
    }
    return !exchange.isInDoubt();
  }

  @Override
  public void ask(String user, Scope scope, long deadlineNanos, Consumer<LookupResult> sink) {
    if (Lookup.isValidName(user)) {
      ask(new Ask.User(user, scope), deadlineNanos, new UserSink(sink));
    } else {
      sink.accept(new NoSuchUser());
    }
  }

  @Override
  public void flush() {
    exchange.flush();
  }

  /**
   * Asks for quotas of the ids of a filesystem, at once, and never waits.
   *
   * @param major major number of its device, as in proc(5) mountinfo
   * @param minor its minor number
   * @param first the least id that is of interest; an unsigned 32-bit number
   * @param deadlineNanos when to give up, as System.nanoTime()
   * @param sink takes the page, exactly once, as in {@link #ask}
   */
  public void list(
      int major,
      int minor,
      QuotaType type,
      long first,
      long deadlineNanos,
      Consumer<PageResult> sink) {
    ask(
        new Ask.Page(major, minor, type, first),
        deadlineNanos,
        told -> sink.accept(Results.ofPage(told)));
    flush();
  }

  private void ask(Ask.Key key, long deadlineNanos, Consumer<Told> sink) {
    Optional<CouldNotTell> refusal = exchange.admit(key, deadlineNanos, sink);
    if (refusal.isPresent()) {
      sink.accept(new Told.Silent(refusal.get()));
    }
  }

  /** Not a lambda: one is made for each request. */
  private record UserSink(Consumer<LookupResult> sink) implements Consumer<Told> {
    @Override
    public void accept(Told told) {
      sink.accept(Results.ofUser(told));
    }
  }

  /** Gives what is owed, lets the helper end, and waits for it a little. */
  public void stop() {
    List<Ask> left = exchange.end(STOPPING);
    Told told = new Told.Silent(new CouldNotTell(STOPPING));
    left.forEach(ask -> complete(ask, told));
    long end = System.nanoTime() + LONGEST_STOP.toNanos();
    join(lifeThread, end);
    join(deadlineThread, end);
  }

  private void expire() {
    try {
      while (!exchange.isOver()) {
        expireOrTell();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes on after a bug: without this thread no ask would ever end. */
  private void expireOrTell() throws InterruptedException {
    try {
      expireDue();
    } catch (RuntimeException | Error e) {
      log.warning().accept("looking after deadlines failed: " + e);
      Thread.sleep(LOOK_MS); // what fails each time must not spin
    }
  }

  private void expireDue() throws InterruptedException {
    exchange.awaitExpired().forEach(due -> complete(due.ask(), due.told()));
    exchange.flush();
    long now = System.nanoTime();
    if (receivers.relieve(now)) {
      exchange.stir(now);
    }
  }

  /** An error ends no thread either: most are one that a sink could not start. */
  private void complete(Ask ask, Told told) {
    try {
      ask.sink().accept(told);
    } catch (RuntimeException | Error e) {
      log.warning().accept("a look-up's result could not be taken: " + e);
    }
  }

  private static Thread thread(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void join(@Nullable Thread thread, long end) {
    long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
    if (thread == null || thread == Thread.currentThread() || left <= 0) {
      return;
    }
    try {
      thread.join(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
