// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A server that takes its time for each call, one after the other, as rpc.rquotad does. */
final class BusyServer implements AutoCloseable {
  private final FakeServer server = new FakeServer();
  private final ReentrantLock turn = new ReentrantLock(true);
  private final long serviceTime;
  private volatile boolean isSilent;
  private long calls;
  private double busy;
  private double busySquared;

  BusyServer(Duration serviceTime) throws IOException {
    this.serviceTime = serviceTime.toNanos();
    server.service = this::serve;
  }

  /**
   * What it did.
   *
   * @param calls those that are the same question again included
   * @param squares sum of the squares of the times that calls took, in square seconds
   */
  record Work(long calls, double busySeconds, double squares) {
    double meanSeconds() {
      return busySeconds / calls;
    }

    double meanSquare() {
      return squares / calls;
    }

    Work since(Work before) {
      return new Work(
          calls - before.calls, busySeconds - before.busySeconds, squares - before.squares);
    }
  }

  int mapperPort() {
    return server.mapperPort;
  }

  /** It says nothing any more. */
  void fallSilent() {
    isSilent = true;
  }

  Work work() {
    turn.lock();
    try {
      return new Work(calls, busy, busySquared);
    } finally {
      turn.unlock();
    }
  }

  private List<byte[]> serve(Request request) {
    turn.lock();
    try {
      server.asked.clear(); // nobody looks at them, and there are many
      server.mapped.clear();
      count(spend());
      return isSilent ? List.of() : List.of(request.ok(100, 50, 7));
    } finally {
      turn.unlock();
    }
  }

  private double spend() {
    long start = System.nanoTime();
    while (!isSilent && System.nanoTime() - start < serviceTime) {
      LockSupport.parkNanos(start + serviceTime - System.nanoTime());
    }
    return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private void count(double seconds) {
    calls++;
    busy += seconds;
    busySquared += seconds * seconds;
  }

  @Override
  public void close() {
    server.close();
  }
}
