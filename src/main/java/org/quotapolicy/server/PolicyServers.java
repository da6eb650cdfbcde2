// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the daemon listens on: a server with a thread of its own for each, since the JDK's
 * channels and junixsocket's cannot share a selector. Handler, limits and room are common to all.
 */
public final class PolicyServers {
  private static final Duration STOP_SLACK = Duration.ofMillis(100);

  private final Limits limits;
  private final Log log;
  private final List<PolicyServer> servers = new ArrayList<>();
  private volatile @Nullable Exception failure;

  /**
   * Prepares to serve.
   *
   * @param endpoints at least one; closed when serving ends
   */
  public PolicyServers(
      List<? extends Endpoint> endpoints,
      RequestHandler handler,
      Limits limits,
      Statistics statistics,
      Log log)
      throws IOException {
    this(endpoints, handler, limits, room(limits.connections(), statistics, log), statistics, log);
  }

  /** With bounds of their own. */
  PolicyServers(
      List<? extends Endpoint> endpoints,
      RequestHandler handler,
      Limits limits,
      Room room,
      Statistics statistics,
      Log log)
      throws IOException {
    this.limits = limits;
    this.log = log;
    for (Endpoint endpoint : endpoints) {
      servers.add(new PolicyServer(endpoint, handler, limits, room, statistics, log));
    }
  }

  private static Room room(int wanted, Statistics statistics, Log log) {
    Room room = Room.inHeap(wanted, Runtime.getRuntime().maxMemory(), statistics);
    if (room.most() < wanted) {
      log.warning(
          "max-connections is %d, but memory has room for %d only".formatted(wanted, room.most()));
    }
    return room;
  }

  /**
   * Serves, the first of them on the calling thread, until {@link #stop}.
   *
   * @throws IOException if one fails for good; then all end, as they do by a bug in one
   */
  public void run() throws IOException {
    try {
      servers.stream().skip(1).forEach(this::start);
      servers.get(0).run();
    } catch (Error e) {
      throw new IllegalStateException(e); // told of, with its trace, like other bugs
    } finally {
      stop();
    }
    rethrow(failure);
  }

  private void start(PolicyServer server) {
    Thread thread = new Thread(() -> run(server), "policy server");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(PolicyServer server) {
    try {
      server.run();
    } catch (IOException | RuntimeException e) {
      end(e);
    } catch (Error e) {
      end(new IllegalStateException(e));
    }
  }

  /** A service manager starts a daemon again that ends: better than one that is deaf on one ear. */
  private void end(Exception reason) {
    log.error("policy server failed: " + reason);
    failure = reason;
    servers.get(0).beginStop();
  }

  private static void rethrow(@Nullable Exception reason) throws IOException {
    if (reason instanceof IOException failed) {
      throw failed;
    } else if (reason instanceof RuntimeException bug) {
      throw bug;
    }
  }

  /**
   * Ends serving: no more connections are accepted, answers that are owed are given, the sockets
   * are removed. Waits until that is done, or the thread is interrupted. On any thread but the
   * servers'.
   */
  public void stop() {
    servers.forEach(PolicyServer::beginStop);
    long deadline = System.nanoTime() + limits.stopTime().plus(STOP_SLACK).toNanos();
    servers.forEach(server -> server.awaitEnd(deadline));
  }

  /**
   * Whether each server's thread comes round within this time: unless it does, somebody is not
   * answered. On one other thread.
   */
  public boolean comesRound(Duration time) throws InterruptedException {
    for (PolicyServer server : servers) {
      if (!server.comesRound(time)) {
        return false;
      }
    }
    return true;
  }
}
