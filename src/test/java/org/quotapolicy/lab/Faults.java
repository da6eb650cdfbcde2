// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.lab.FaultHost.Recipient;
import org.quotapolicy.lab.FaultHost.Way;
import org.quotapolicy.lab.Policy.Verdict;

/**
 * Whatever can happen to a mail host, at random moments, while a real Postfix delivers: each
 * request is answered in time and rightly, or as could not be told; no mail is lost or relayed; and
 * all is as before without a hand, soon.
 *
 * <p>The property {@code lab.faults} says how many, {@code lab.seed} which; both are printed.
 * {@code lab.minutes} ends it before.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class Faults {
  private static final int COUNT = Integer.getInteger("lab.faults", 51);
  private static final long SEED = Long.getLong("lab.seed", new Random().nextInt(1 << 30));

  /** After so many minutes there are no more. */
  private static final long MINUTES = Long.getLong("lab.minutes", 240);

  private static final long STARTED = System.nanoTime();

  /** A start of the daemon in a slow machine; with sudo, after the longest pause between two. */
  private static final Duration RECOVERY = Duration.ofSeconds(75);

  /** For each fault that may end the daemon there are so many more of each other kind. */
  private static final int OTHERS = COUNT < 200 ? 0 : 2;

  private static final Duration TOLD = Duration.ofSeconds(10);

  /** The daemon says so once in a minute at the least: Log. */
  private static final Pattern COULD_NOT_TELL = Pattern.compile("warning: could not tell: ");

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** When that was last in the log. */
  private static long couldNotTell = System.nanoTime() - MINUTE;

  private static final Map<FaultKind, Tally> TALLIES = new EnumMap<>(FaultKind.class);

  private static NfsServer server;

  /** What is known of one kind. */
  private static final class Tally {
    private int count;
    private long longestWait;
    private long longestRecovery;
    private long took;

    /** Two times in nanoseconds, one in milliseconds. */
    void add(long time, long recovery, long wait) {
      count++;
      took += time / 1_000_000;
      longestRecovery = Math.max(longestRecovery, recovery / 1_000_000);
      longestWait = Math.max(longestWait, wait);
    }
  }

  @BeforeAll
  static void prepare() {
    System.out.println("faults: --seed " + SEED);
    server = FaultHost.prepare();
  }

  @AfterAll
  static void tidy() {
    print();
    FaultHost.tidy(server);
  }

  /** All so far. */
  private static void print() {
    System.out.printf(
        "  %-34s %6s %14s %18s %12s%n",
        "kind", "count", "longest wait", "longest recovery", "mean time");
    TALLIES.forEach(
        (kind, tally) ->
            System.out.printf(
                "  %-34s %6d %11d ms %15d ms %9d ms%n",
                kind,
                tally.count,
                tally.longestWait,
                tally.longestRecovery,
                tally.took / tally.count));
    System.out.printf(
        "faults: --seed %d: %d faults%n",
        SEED, TALLIES.values().stream().mapToInt(tally -> tally.count).sum());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void host_inTrouble_answersRightlyAndRecovers(Way way) {
    SplittableRandom random = new SplittableRandom(SEED ^ way.name().hashCode());
    try (FaultHost host = FaultHost.start(way, server)) {
      FaultWatch watch = FaultWatch.start(host, SEED);
      FaultMail mail = FaultMail.start(host, watch, SEED);
      try {
        for (FaultKind kind : kinds(way)) {
          if (System.nanoTime() - STARTED > nanosUntil(way)) {
            break;
          }
          Guest.pause(Duration.ofMillis(random.nextInt(20, 250)));
          inflict(kind, host, watch, random);
        }
      } finally {
        watch.finish();
        mail.finish();
      }
      System.out.printf(
          "  %s: %d questions, %d could not be told, longest answer in peace %d ms%n  %s: %s%n",
          way, watch.asked(), watch.unknown(), watch.longestDuring(""), way, mail);
      assertEquals(Map.of(), watch.wrong(), "--seed " + SEED);
    }
  }

  private static long nanosUntil(Way way) {
    long tenths = way == Way.DIRECT ? 4 : way == Way.PASSED ? 8 : 10;
    return TimeUnit.MINUTES.toNanos(MINUTES) * tenths / 10;
  }

  /**
   * A share of all, in random order; once there are many, each kind is as often as others like it.
   */
  private static List<FaultKind> kinds(Way way) {
    int share = way == Way.SUDO ? COUNT / 5 : (COUNT - COUNT / 5) / 2;
    List<FaultKind> fitting =
        Arrays.stream(FaultKind.values()).filter(kind -> kind.fits(way)).toList();
    Random random = new Random(SEED ^ way.name().hashCode());
    List<FaultKind> kinds = new ArrayList<>();
    while (kinds.size() < share) {
      // A start of the daemon takes as long as many other things.
      List<FaultKind> deck = new ArrayList<>(fitting);
      for (int i = 0; i < OTHERS; i++) {
        fitting.stream().filter(kind -> !kind.mayEndDaemon()).forEach(deck::add);
      }
      Collections.shuffle(deck, random);
      kinds.addAll(deck);
    }
    return kinds.subList(0, share);
  }

  private static void inflict(
      FaultKind kind, FaultHost host, FaultWatch watch, SplittableRandom random) {
    lookIntoLog(host);
    host.clearLog(kind.toString());
    long unknown = watch.unknown();
    host.setNow(kind);
    long begun = System.nanoTime();
    kind.happen(host, random);
    long undone = System.nanoTime();
    try {
      awaitRecovery(kind, host);
    } catch (AssertionError e) {
      watch.note(e + "\n" + host.told() + "\n" + FaultHost.threadsOfHelpers());
      // By hand, so that this is told of one fault and not of all that follow.
      Guest.sh("kill -KILL " + host.daemon() + "; pkill -KILL -x -u quotapolicy-helper java");
      Guest.await("another daemon", RECOVERY, Faults::allIsRight);
    }
    long recovered = System.nanoTime();
    awaitSaid(kind, Pattern.compile(kind.said()), host, watch);
    if (watch.unknown() > unknown && begun - couldNotTell > MINUTE && kind.leavesLog()) {
      awaitSaid(kind, COULD_NOT_TELL, host, watch);
    }
    host.setNow(null);
    lookIntoLog(host);
    Tally tally = TALLIES.computeIfAbsent(kind, any -> new Tally());
    long recovery = recovered - (kind.isForOthersToMend() ? begun : undone);
    tally.add(System.nanoTime() - begun, recovery, watch.longestDuring(kind.toString()));
  }

  private static void lookIntoLog(FaultHost host) {
    if (COULD_NOT_TELL.matcher(host.log()).find()) {
      couldNotTell = System.nanoTime();
    }
  }

  /** Until everybody's answer is right again, on a new connection, and there is one helper. */
  private static void awaitRecovery(FaultKind kind, FaultHost host) {
    Guest.await(
        "the right answers of " + host.way() + " after " + kind, RECOVERY, Faults::allIsRight);
    Guest.await("one helper after " + kind, RECOVERY, () -> FaultHost.helpers().size() == 1);
  }

  private static boolean allIsRight() {
    try (Policy policy = new Policy()) {
      for (Recipient recipient : FaultHost.RECIPIENTS) {
        Verdict right = recipient.isFull() ? Verdict.REFUSE : Verdict.ACCEPT;
        if (policy.ask(recipient.name(), 0).verdict() != right) {
          return false;
        }
      }
      return true;
    } catch (AssertionError | UncheckedIOException e) {
      return false;
    }
  }

  private static void awaitSaid(FaultKind kind, Pattern said, FaultHost host, FaultWatch watch) {
    long deadline = System.nanoTime() + TOLD.toNanos();
    while (!said.matcher(host.log()).find()) {
      if (System.nanoTime() > deadline) {
        watch.note(kind + ": not in the log: " + said + "\n" + host.told());
        return;
      }
      Guest.pause(Duration.ofMillis(50));
    }
  }
}
