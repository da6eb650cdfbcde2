// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Duration;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.server.PolicyServers;

/**
 * Tells the service manager that the daemon answers, as long as it does: the servers' threads come
 * round, and the helper has answered a ping, or is known to be gone, of which the daemon takes care
 * itself. A daemon that falls silent is ended by the manager.
 */
final class Watchdog {
  private final Duration interval;
  private final PolicyServers server;
  private final HelperClient helper;
  private final ServiceNotices notices;

  /**
   * A watchdog that is not started.
   *
   * @param patience how long the service manager waits
   */
  Watchdog(Duration patience, PolicyServers server, HelperClient helper, ServiceNotices notices) {
    this.interval = patience.dividedBy(4);
    this.server = server;
    this.helper = helper;
    this.notices = notices;
  }

  /** Watches as long as the process lives. */
  void start() {
    Thread thread = new Thread(this::watch, "watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (true) {
        if (server.comesRound(interval) && helper.isProven(interval)) {
          notices.alive();
        }
        Thread.sleep(interval.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
