// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.Scope;

/** Threads that receive, and disks that hang. */
@Timeout(30)
class ReceiversTest {
  private static final List<Delivery> END = new ArrayList<>();
  private static final List<Delivery> BUG = new ArrayList<>();

  private final BlockingQueue<List<Delivery>> packets = new LinkedBlockingQueue<>();
  private final BlockingQueue<Delivery> handedOut = new LinkedBlockingQueue<>();
  private final BlockingQueue<Thread> held = new LinkedBlockingQueue<>();
  private final CountDownLatch disk = new CountDownLatch(1);
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final Receivers receivers = new Receivers(this::complete, warnings::add, this::thread);
  private volatile boolean threadsLeft = true;
  private Thread life = new Thread();

  @BeforeEach
  void start() {
    life = new Thread(this::receive);
    life.start();
  }

  @AfterEach
  void end() throws InterruptedException {
    disk.countDown();
    packets.add(END);
    life.join();
  }

  private Thread thread(Runnable work) {
    return new Thread(work, "helper-receiver") {
      @Override
      public synchronized void start() {
        if (!threadsLeft) {
          throw new OutOfMemoryError("unable to create native thread");
        }
        super.start();
      }
    };
  }

  private void receive() {
    try {
      receivers.receive(this::next);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable List<Delivery> next() {
    try {
      List<Delivery> packet = packets.take();
      if (packet == BUG) {
        throw new IllegalStateException("a bug, as intended");
      }
      return packet == END ? null : packet;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void complete(Delivery result) {
    if (name(result).startsWith("hang")) {
      held.add(Thread.currentThread());
      try {
        disk.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    handedOut.add(result);
  }

  private static String name(Delivery result) {
    return ((Ask.User) result.ask().key()).name();
  }

  private static Delivery found(String user) {
    return result(user, new Told.Answered(new Outcome.Found(FakeHelper.user(1))));
  }

  private static Delivery result(String user, Told told) {
    return new Delivery(new Ask(0, new Ask.User(user, new Scope.Home()), 0, t -> {}), told);
  }

  /** Has the threads that are held up replaced, as time would. */
  private void relieve() {
    receivers.relieve(System.nanoTime() + Receivers.LONGEST);
  }

  private Thread holdUpLeader() throws InterruptedException {
    packets.add(List.of(found("hang")));
    return held.take();
  }

  @Test
  void results_areHandedOutInOrder_byTheThreadThatReceives() throws Exception {
    List<Delivery> results = List.of(found("a"), found("b"));
    packets.add(results);
    packets.add(List.of(found("c")));
    assertEquals("a", name(handedOut.take()));
    assertEquals("b", name(handedOut.take()));
    assertEquals("c", name(handedOut.take()));
  }

  @Test
  void leader_heldUp_anotherHandsOutTheRest() throws Exception {
    packets.add(List.of(found("hang"), found("a")));
    packets.add(List.of(found("b")));
    Thread first = held.take();
    assertTrue(receivers.relieve(System.nanoTime()), "look again soon");
    assertNull(handedOut.poll(50, TimeUnit.MILLISECONDS), "it may take a moment");
    relieve();
    assertEquals("a", name(handedOut.take()));
    assertEquals("b", name(handedOut.take()));
    disk.countDown();
    assertEquals("hang", name(handedOut.take()));
    first.join();
    while (receivers.relieve(System.nanoTime())) {
      Thread.onSpinWait(); // until nobody hands out any more
    }
  }

  /** The last thread only receives; so a PONG is heard, and who needs no disk is told at once. */
  @Test
  void allButOne_heldUp_lastOneReceives() throws Exception {
    Set<Thread> stuck = new HashSet<>();
    for (int i = 0; i < Receivers.MOST - 1; i++) {
      stuck.add(holdUpLeader());
      relieve();
    }
    assertEquals(Receivers.MOST - 1, stuck.size());
    packets.add(List.of(found("a"), result("nobody", new Told.Answered(new Outcome.NoUser()))));
    assertEquals("nobody", name(handedOut.take()));
    relieve();
    assertNull(handedOut.poll(50, TimeUnit.MILLISECONDS));
    disk.countDown();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < Receivers.MOST; i++) {
      names.add(name(handedOut.take()));
    }
    assertEquals(Set.of("a", "hang"), names);
    for (Thread thread : stuck) {
      thread.join();
    }
    packets.add(List.of(found("b")));
    assertEquals("b", name(handedOut.take()));
  }

  @Test
  void leader_heldUpAndNoThreadCanBeStarted_staysLeader() throws Exception {
    holdUpLeader();
    threadsLeft = false;
    packets.add(List.of(found("a")));
    relieve();
    relieve();
    assertEquals(
        List.of("no thread can be started to hear the helper: unable to create native thread"),
        warnings);
    disk.countDown();
    assertEquals("hang", name(handedOut.take()));
    assertEquals("a", name(handedOut.take()));
  }

  @Test
  void leader_heldUpUntilThreadsCanBeStartedAgain_isRelieved() throws Exception {
    holdUpLeader();
    threadsLeft = false;
    packets.add(List.of(found("a")));
    relieve();
    threadsLeft = true;
    relieve();
    assertEquals("a", name(handedOut.take()));
  }

  @Test
  void leader_endedByABug_noLongerReceives() throws Exception {
    packets.add(BUG);
    life.join();
    start();
    packets.add(List.of(found("a")));
    assertEquals("a", name(handedOut.take()));
  }

  @Test
  void tooMany_wait_oneMoreIsNotServed() throws Exception {
    for (int i = 0; i < Receivers.MOST - 1; i++) {
      holdUpLeader();
      relieve();
    }
    packets.add(
        IntStream.rangeClosed(0, Receivers.MOST_WAITING).mapToObj(i -> found("u" + i)).toList());
    Delivery last = handedOut.take();
    assertEquals("u" + Receivers.MOST_WAITING, name(last));
    assertEquals(new Told.Silent(Results.NO_DISK), last.told());
    disk.countDown();
    for (int i = 0; i < Receivers.MOST_WAITING + Receivers.MOST - 1; i++) {
      handedOut.take();
    }
  }

  @Test
  void helper_ended_nextOneIsReceivedFrom() throws Exception {
    holdUpLeader();
    relieve();
    packets.add(END);
    life.join();
    start();
    packets.add(List.of(found("a")));
    assertEquals("a", name(handedOut.take()));
  }
}
