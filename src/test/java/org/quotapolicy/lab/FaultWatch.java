// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.lab.FaultHost.Recipient;
import org.quotapolicy.lab.Policy.Verdict;

/**
 * Asks about one recipient after the other, without a pause, on connections that stay open as an
 * smtpd's do; notes how long each answer took, and each that should not have been.
 */
final class FaultWatch {
  private static final int CONNECTIONS = 4;

  /** Between two questions of a connection, so that one processor has time for mail, too. */
  private static final Duration PAUSE = Duration.ofMillis(80);

  /** What a slow machine adds to the daemon's own time limit. */
  private static final Duration IN_TIME = Duration.ofSeconds(FaultHost.TIMEOUT_SECONDS + 4);

  /** Until another daemon answers. */
  private static final Duration RESTART = Duration.ofSeconds(90);

  private final FaultHost host;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();

  /** What should not have been, and how often. */
  private final Map<String, Integer> wrong = new TreeMap<>();

  /** Milliseconds of the longest answer, by what happened meanwhile. */
  private final Map<String, Long> longest = new TreeMap<>();

  private final List<Thread> threads;
  private volatile boolean over;

  private FaultWatch(FaultHost host, long seed) {
    this.host = host;
    this.threads =
        IntStream.range(0, CONNECTIONS)
            .mapToObj(i -> new Thread(() -> watch(new SplittableRandom(seed + i)), "watch"))
            .toList();
  }

  static FaultWatch start(FaultHost host, long seed) {
    FaultWatch watch = new FaultWatch(host, seed);
    watch.threads.forEach(Thread::start);
    return watch;
  }

  void finish() {
    over = true;
    Guest.join(threads);
  }

  long asked() {
    return asked.get();
  }

  long unknown() {
    return unknown.get();
  }

  synchronized Map<String, Integer> wrong() {
    return new TreeMap<>(wrong);
  }

  /** Milliseconds; 0 if nobody asked meanwhile. */
  synchronized long longestDuring(String what) {
    return longest.getOrDefault(what, 0L);
  }

  /** Said at once: a long run may never come to its end. */
  synchronized void note(String problem) {
    if (wrong.merge(problem, 1, Integer::sum) == 1) {
      System.out.println("  WRONG: " + problem);
    }
  }

  private synchronized void noteTime(String what, long millis) {
    longest.merge(what, millis, Math::max);
  }

  private void watch(SplittableRandom random) {
    Policy policy = null;
    while (!over) {
      Recipient recipient = FaultHost.RECIPIENTS.get(random.nextInt(FaultHost.RECIPIENTS.size()));
      policy = ask(policy, recipient);
      Guest.pause(PAUSE);
    }
    if (policy != null) {
      policy.close();
    }
  }

  /** As smtpd(8) does, on another connection if this one breaks; it may take several. */
  private @Nullable Policy ask(@Nullable Policy open, Recipient recipient) {
    Policy policy = open;
    FaultKind before = host.now();
    long start = System.nanoTime();
    while (!over) {
      try {
        policy = policy == null ? new Policy(Daemon.SOCKET, RESTART) : policy;
        Verdict verdict = policy.ask(recipient.name(), 0).verdict();
        judge(recipient, verdict, start, before, host.now());
        return policy;
      } catch (AssertionError | UncheckedIOException e) {
        policy = close(policy);
        judgeBreak(recipient, e, start, before, host.now());
        Guest.pause(PAUSE);
      }
    }
    return policy;
  }

  private static @Nullable Policy close(@Nullable Policy policy) {
    if (policy != null) {
      policy.close();
    }
    return null;
  }

  private void judge(
      Recipient recipient,
      Verdict verdict,
      long start,
      @Nullable FaultKind before,
      @Nullable FaultKind after) {
    long millis = (System.nanoTime() - start) / 1_000_000;
    asked.incrementAndGet();
    for (FaultKind kind : during(before, after)) {
      noteTime(kind.toString(), millis);
    }
    if (during(before, after).isEmpty()) {
      noteTime("", millis);
    }
    if (verdict == Verdict.UNKNOWN) {
      unknown.incrementAndGet();
    }
    if (!isAllowed(recipient, verdict, before, after)) {
      note(recipient.name() + ": " + verdict + " during " + during(before, after));
    }
    boolean mayWait = during(before, after).stream().anyMatch(FaultKind::mayEndDaemon);
    if (millis > (mayWait ? RESTART : IN_TIME).toMillis()) {
      note(recipient.name() + ": " + millis + " ms during " + during(before, after));
    }
  }

  private void judgeBreak(
      Recipient recipient,
      Throwable broken,
      long start,
      @Nullable FaultKind before,
      @Nullable FaultKind after) {
    long millis = (System.nanoTime() - start) / 1_000_000;
    if (during(before, after).stream().noneMatch(FaultKind::mayEndDaemon)
        || millis > RESTART.toMillis()) {
      note(recipient.name() + ": " + broken + " during " + during(before, after));
    }
  }

  private static List<FaultKind> during(@Nullable FaultKind before, @Nullable FaultKind after) {
    if (before == null) {
      return after == null ? List.of() : List.of(after);
    }
    return after == null || after == before ? List.of(before) : List.of(before, after);
  }

  /** Whether a verdict may be, given what happened when it was asked for and when it came. */
  static boolean isAllowed(
      Recipient recipient, Verdict verdict, @Nullable FaultKind before, @Nullable FaultKind after) {
    Verdict right = recipient.isFull() ? Verdict.REFUSE : Verdict.ACCEPT;
    return verdict == right
        || during(before, after).stream()
            .anyMatch(
                kind ->
                    verdict == Verdict.UNKNOWN
                        ? kind.mayBeUnknown(recipient.group())
                        : verdict == Verdict.ACCEPT && kind.mayHaveRoom(recipient.group()));
  }
}
