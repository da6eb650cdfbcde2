// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.server.ControlSocket;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.PolicyServers;

/**
 * The daemon's end, on SIGTERM and System.exit() alike, at any moment: answers what is owed,
 * removes socket and pid file, ends the helper.
 *
 * <p>Takes less than a second whatever hangs, since each step has its bound: 0.1 s for a start that
 * is under way, 0.4 s for the answers, 0.15 s for the helper, 0.2 s for the log.
 */
final class Shutdown {
  private static final int LONGEST_START_MS = 100;

  private final Log log;
  private final ServiceNotices notices;
  private final AtomicInteger exitStatus;
  private final ReentrantLock starting = new ReentrantLock();
  private volatile @Nullable HelperClient helper;
  private volatile @Nullable ControlSocket control;
  private @Nullable Closeable pidFile;
  private @Nullable PolicyServers server;
  private boolean over;

  Shutdown(Log log, ServiceNotices notices, AtomicInteger exitStatus) {
    this.log = log;
    this.notices = notices;
    this.exitStatus = exitStatus;
  }

  /** Closes this socket, too. */
  void owns(ControlSocket socket) {
    control = socket;
  }

  /** Something that is opened and leaves a file behind unless it is closed. */
  @FunctionalInterface
  interface Opening<T> {
    T open() throws IOException;
  }

  void register() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "shutdown"));
  }

  /** Ends this helper, too. */
  void owns(HelperClient client) {
    helper = client;
  }

  /**
   * Opens what leaves files behind, which the end waits for. Nothing is opened, and the result is
   * empty, if the end has come already.
   */
  Optional<PolicyServers> open(Opening<Closeable> pidFiles, Opening<PolicyServers> servers)
      throws IOException {
    starting.lock();
    try {
      return over ? Optional.empty() : Optional.of(openAll(pidFiles, servers));
    } finally {
      starting.unlock();
    }
  }

  private PolicyServers openAll(Opening<Closeable> pidFiles, Opening<PolicyServers> servers)
      throws IOException {
    Closeable taken = pidFiles.open();
    try {
      PolicyServers opened = servers.open();
      server = opened;
      pidFile = taken;
      return opened;
    } catch (IOException | RuntimeException e) {
      taken.close();
      throw e;
    }
  }

  private void end() {
    notices.stopping();
    try {
      boolean isStill = starting.tryLock(LONGEST_START_MS, TimeUnit.MILLISECONDS);
      over = true;
      if (isStill) {
        starting.unlock();
      }
      close();
    } catch (IOException | InterruptedException | RuntimeException e) {
      log.error("not ended cleanly: " + e.getMessage());
    }
    log.info("ended");
    log.flush();
    Runtime.getRuntime().halt(exitStatus.get());
  }

  private void close() throws IOException {
    ControlSocket socket = control;
    if (socket != null) {
      socket.close();
    }
    if (server != null) {
      server.stop();
    }
    HelperClient client = helper;
    if (client != null) {
      client.stop();
    }
    if (pidFile != null) {
      pidFile.close();
    }
  }
}
