// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.PolicyServer;

/**
 * The daemon's end, on SIGTERM and System.exit() alike: answers what is owed, removes socket and
 * pid file, ends the helper.
 *
 * <p>Takes less than a second whatever hangs, since each step has its bound: 0.4 s for the answers,
 * 0.15 s for the helper, 0.2 s for the log.
 */
final class Shutdown {
  private final PolicyServer server;
  private final HelperClient helper;
  private final PidFile pidFile;
  private final Log log;
  private final AtomicInteger exitStatus;

  Shutdown(
      PolicyServer server,
      HelperClient helper,
      PidFile pidFile,
      Log log,
      AtomicInteger exitStatus) {
    this.server = server;
    this.helper = helper;
    this.pidFile = pidFile;
    this.log = log;
    this.exitStatus = exitStatus;
  }

  void register() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "shutdown"));
  }

  private void end() {
    try {
      server.stop();
      helper.stop();
      pidFile.close();
    } catch (IOException | RuntimeException e) {
      log.error("not ended cleanly: " + e.getMessage());
    }
    log.info("ended");
    log.flush();
    Runtime.getRuntime().halt(exitStatus.get());
  }
}
