// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.List;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Settings;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.RecipientCheck;
import org.quotapolicy.server.Statistics;

/**
 * Reads the configuration again while the daemon runs, and puts in force what can be changed. If
 * anything is wrong, all that was in force stays.
 */
final class Reload {
  private final DaemonSource source;
  private final Settings started;
  private final RulesReader reader;
  private final Statistics statistics;
  private final Log log;
  private final ServiceNotices notices;

  /**
   * A way to read it again.
   *
   * @param started what the daemon was started with
   */
  Reload(
      DaemonSource source,
      Settings started,
      RulesReader reader,
      Statistics statistics,
      Log log,
      ServiceNotices notices) {
    this.source = source;
    this.started = started;
    this.reader = reader;
    this.statistics = statistics;
    this.log = log;
    this.notices = notices;
  }

  /** Reads it again after each signal, on a thread that lives as long as the process. */
  void onEach(Hangup hangup, RecipientCheck check) {
    Thread thread = new Thread(() -> serve(hangup, check), "reload");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Hangup hangup, RecipientCheck check) {
    try {
      while (true) {
        hangup.await();
        once(check);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads it again now. */
  void once(RecipientCheck check) {
    notices.reloading();
    notices.ready(attempt(check));
  }

  /** Returns how it went. */
  private String attempt(RecipientCheck check) {
    try {
      Settings settings = source.read();
      DaemonConfig config = DaemonOptions.toConfig(settings);
      check.use(reader.next(config, check.rules()));
      statistics.reloaded();
      log.info("configuration reloaded");
      List<String> later = settings.needRestart(started);
      if (!later.isEmpty()) {
        log.warning("changed, and in force only after a restart: " + String.join(", ", later));
      }
      return "serving; configuration reloaded";
    } catch (InvalidConfigException e) {
      statistics.notReloaded(e.problems());
      e.problems().forEach(log::error);
      log.error("configuration not reloaded: what was in force stays in force");
    } catch (IOException | RuntimeException | Error e) {
      statistics.notReloaded(List.of(String.valueOf(e.getMessage())));
      log.error("configuration not reloaded, what was in force stays in force: " + e.getMessage());
    }
    return "serving; configuration not reloaded: what was in force stays in force";
  }
}
