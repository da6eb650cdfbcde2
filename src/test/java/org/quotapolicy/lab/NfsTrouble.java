// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quotapolicy.lab.Policy.Verdict;

/**
 * An NFS server freezes, is cut off, comes back at another port: every request is answered in time,
 * local users are not kept waiting, and the daemon finds back by itself.
 */
class NfsTrouble {
  /** The time-out of 3 s, and what one slow processor needs to wake everybody up. */
  private static final Duration IN_TIME = Duration.ofMillis(4_500);

  private static final Duration RECOVERY = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 40;
  private static final int LOCAL_REQUESTS = 200;

  private static NfsServer server;
  private static Daemon daemon;

  @BeforeAll
  @Timeout(240)
  static void start() {
    server =
        NfsServer.start(
            "nfs1",
            1,
            "/dev/ubde",
            "ext4",
            "/srv/nfs *(rw,fsid=0,no_root_squash,no_subtree_check)");
    server.mount("vers=4.2", server.address() + ":/", "/net/v4");
    for (String user : List.of("room", "full", "grace", "expired", "free")) {
      NfsServer.addName("v4" + user, "n" + user, "/net/v4/n" + user);
    }
    daemon = startDaemon();
  }

  private static Daemon startDaemon(String... words) {
    List<String> all = new ArrayList<>(List.of("--on-error", Daemon.COULD_NOT_TELL));
    all.addAll(List.of("--timeout", "3", "--nfs-timeout", "2", "--nfs-cache", "0"));
    all.addAll(List.of(words));
    return Daemon.direct(all.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    daemon.close();
    server.close();
  }

  @Test
  void rquotad_frozen_holdsNobodyUpAndIsFoundAgain() throws Exception {
    assertTroubleDuring(
        "rpc.rquotad frozen",
        () -> server.signal("STOP", "rpc.rquotad"),
        () -> server.signal("CONT", "rpc.rquotad"));
    assertEquals(1, linesOf("it is asked only once in 10 s"), daemon::log);
    assertEquals(1, linesOf("answers again"), daemon::log);
  }

  @Test
  void server_cutOff_holdsNobodyUpAndIsFoundAgain() throws Exception {
    assertTroubleDuring(
        "server cut off",
        () -> server.must("ip link set eth0 down"),
        () -> server.must("ip link set eth0 up"));
  }

  /** A port mapper that still knows it, and nobody there: then a new port. */
  @Test
  void rquotad_startedAtAnotherPort_isFoundThere() {
    assertEquals(Verdict.REFUSE, Policy.askOnce("v4full", 0).verdict());
    server.signal("TERM", "rpc.rquotad");
    Guest.await(
        "rpc.rquotad has ended",
        Duration.ofSeconds(10),
        () -> !server.must("ss -lnup").contains("rpc.rquotad"));
    // Not registered is no quota there.
    assertEquals(Verdict.ACCEPT, Policy.askOnce("v4full", 0).verdict());
    server.must("rpc.rquotad -p 875");
    assertEquals(Verdict.REFUSE, Policy.askOnce("v4full", 0).verdict());
    server.signal("STOP", "rpcbind");
    try {
      assertEquals(Verdict.REFUSE, Policy.askOnce("v4full", 0).verdict(), "the port was forgotten");
      daemon.close();
      daemon = startDaemon("--rquota-port", "875");
      assertEquals(Verdict.REFUSE, Policy.askOnce("v4full", 0).verdict(), "the port is given");
    } finally {
      server.signal("CONT", "rpcbind");
    }
  }

  private static long linesOf(String words) {
    return daemon.log().lines().filter(line -> line.contains(words)).count();
  }

  private static void assertTroubleDuring(String what, Runnable begin, Runnable end)
      throws Exception {
    try (Policy local = new Policy()) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("v4full", 0).verdict(), daemon::log);
      double before = median(local);
      begin.run();
      double during;
      double slowest;
      try {
        long start = System.nanoTime();
        List<Policy> others = ask();
        CompletableFuture<Double> answered =
            CompletableFuture.supplyAsync(() -> awaitAnswers(others, start));
        during = median(local);
        slowest = answered.get(20, TimeUnit.SECONDS);
        assertTrue(slowest < IN_TIME.toMillis(), "answered only after " + slowest + " ms");
        assertLeftAlone();
      } finally {
        end.run();
      }
      System.out.printf(
          "%s: local users' median %.2f ms before and %.2f ms meanwhile; slowest of %d for users on NFS %.0f ms%n",
          what, before, during, CONNECTIONS, slowest);
      assertTrue(during < 4 * before + 20, "local users have to wait");
      assertRecovers(what);
    }
  }

  private static List<Policy> ask() {
    List<Policy> others = new ArrayList<>();
    List<String> users = List.of("v4full", "v4room", "v4grace", "v4expired", "v4free");
    for (int i = 0; i < CONNECTIONS; i++) {
      Policy policy = new Policy();
      policy.send(users.get(i % users.size()), 0);
      others.add(policy);
    }
    return others;
  }

  /** Milliseconds until the last one is answered. */
  private static double awaitAnswers(List<Policy> others, long start) {
    for (Policy policy : others) {
      assertEquals(Verdict.UNKNOWN, policy.receive().verdict());
      policy.close();
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** After some silences nobody waits for it any more. */
  private static void assertLeftAlone() {
    long start = System.nanoTime();
    assertEquals(Verdict.UNKNOWN, Policy.askOnce("v4room", 0).verdict());
    long took = (System.nanoTime() - start) / 1_000_000;
    assertTrue(took < 1_000, () -> "answered only after " + took + " ms");
  }

  private static void assertRecovers(String what) {
    long start = System.nanoTime();
    Guest.await(
        "the true verdict after " + what,
        RECOVERY,
        () -> {
          Verdict verdict = Policy.askOnce("v4full", 0).verdict();
          assertNotEquals(Verdict.ACCEPT, verdict);
          return verdict == Verdict.REFUSE;
        });
    System.out.printf("%s: over after %.1f s%n", what, (System.nanoTime() - start) / 1e9);
    assertEquals(Verdict.ACCEPT, Policy.askOnce("v4room", 0).verdict());
  }

  private static double median(Policy policy) {
    long[] times = new long[LOCAL_REQUESTS];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      assertEquals(Verdict.ACCEPT, policy.ask("room", 0).verdict());
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    return times[times.length / 2] / 1e6;
  }
}
