// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.HelperStart;
import org.quotapolicy.config.Settings;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.HelperCommand;
import org.quotapolicy.helperclient.HelperLog;
import org.quotapolicy.helperclient.HelperSettings;
import org.quotapolicy.kernel.Privileges;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.server.Limits;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.NfsMailboxes;
import org.quotapolicy.server.PolicyServer;
import org.quotapolicy.server.PolicySocket;
import org.quotapolicy.server.RecipientCheck;
import org.quotapolicy.server.Rules;

/**
 * The daemon, from its start to its end.
 *
 * <p>SECURITY: {@link #run} reads top to bottom in the order that matters. What needs root comes
 * first and is little: look the user up, start the helper. Then root is given up for good, and only
 * then is anything touched that belongs to the unprivileged user.
 */
final class Daemon {
  private static final Duration HELPER_START = Duration.ofSeconds(10);

  private final DaemonSource source;
  private final Settings settings;
  private final DaemonConfig config;
  private final Log log;
  private final boolean direct;
  private final CountDownLatch serving = new CountDownLatch(1);
  private final AtomicInteger exitStatus = new AtomicInteger(ExitStatus.OK);

  /**
   * A daemon that is not started yet.
   *
   * @param source where the settings came from, to be read again
   * @param settings what they were
   * @param config what they mean
   */
  Daemon(DaemonSource source, Settings settings, DaemonConfig config, Log log) {
    this.source = source;
    this.settings = settings;
    this.config = config;
    this.log = log;
    this.direct =
        config.helper() == HelperStart.AUTO
            ? Privileges.isRoot()
            : config.helper() == HelperStart.DIRECT;
  }

  /** Runs to the end; returns the exit status. */
  int run() throws IOException {
    if (direct != Privileges.isRoot()) {
      return refuse();
    }
    Shutdown shutdown = new Shutdown(log, exitStatus);
    shutdown.register();
    try {
      start(shutdown);
    } catch (IOException | RuntimeException e) {
      exitStatus.compareAndSet(ExitStatus.OK, ExitStatus.FAILURE);
      throw e;
    }
    return exitStatus.get();
  }

  private void start(Shutdown shutdown) throws IOException {
    Hangup hangup = Hangup.take();
    requireDirectory(config.socket());
    requireDirectory(config.pidFile());
    Identity identity = identity();
    HelperClient helper = helper();
    shutdown.owns(helper);
    helper.start();
    if (Privileges.isRoot()) {
      identity.becomeForGood();
    }
    try {
      RulesReader reader = new RulesReader(log);
      RecipientCheck check = check(helper, reader.first(config));
      new Reload(source, settings, reader, log).onEach(hangup, check);
      serve(check, helper, identity, shutdown);
    } finally {
      helper.stop();
    }
  }

  private int refuse() {
    log.fatal(
        direct
            ? "--helper direct: only root can start the helper; start the daemon as root, or use"
                + " --helper sudo"
            : "--helper sudo: sudo refuses to run under no_new_privs, which a daemon started by root"
                + " has; start it as user "
                + config.user()
                + ", or use --helper direct");
    return ExitStatus.USAGE;
  }

  private static void requireDirectory(Path file) throws IOException {
    Path directory = Objects.requireNonNull(file.getParent());
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "no such directory: "
              + directory
              + "; create it for the daemon's user: install -d -o quotapolicy -g postfix -m 750 "
              + directory);
    }
  }

  private Identity identity() throws IOException {
    Identity identity = direct ? Identity.of(config.user()) : Identity.current();
    return config.socketGroup().isPresent()
        ? identity.withSocketGroup(config.socketGroup().get())
        : identity;
  }

  private HelperClient helper() throws IOException {
    String launcher = Launcher.path();
    HelperCommand command =
        direct
            ? HelperCommand.direct(launcher)
            : HelperCommand.sudo(config.sudo().toString(), launcher);
    HelperLog helperLog = new HelperLog(log::info, log::warning);
    HelperSettings settings = HelperSettings.withTimeout(config.timeout());
    return new HelperClient(command, settings, helperLog, this::helperIsLost);
  }

  private void helperIsLost() {
    log.fatal("the helper is lost and this daemon may not start another; start the daemon again");
    exitStatus.set(ExitStatus.HELPER_LOST);
    // Not on the client's thread: what ends the daemon also waits for that.
    Thread end = new Thread(this::exitWhenServing, "end");
    end.setDaemon(true);
    end.start();
  }

  /** Not before there is somebody to remove the socket and the pid file. */
  private void exitWhenServing() {
    try {
      serving.await();
      System.exit(exitStatus.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(
      RecipientCheck check, HelperClient helper, Identity identity, Shutdown shutdown)
      throws IOException {
    Optional<PolicyServer> server = shutdown.open(this::takePidFile, () -> bind(check, identity));
    if (server.isEmpty()) {
      return;
    }
    Thread announcer = new Thread(() -> announce(helper), "announcer");
    announcer.setDaemon(true);
    announcer.start();
    serving.countDown();
    server.get().run();
  }

  private PidFile takePidFile() throws IOException {
    return PidFile.take(config.pidFile(), () -> PolicySocket.requireVacant(config.socket()));
  }

  private PolicyServer bind(RecipientCheck check, Identity identity) throws IOException {
    OptionalLong group = identity.socketGid().stream().mapToLong(Long::longValue).findFirst();
    PolicySocket socket = PolicySocket.bind(config.socket(), config.socketMode(), group);
    return new PolicyServer(socket, check, limits(), log);
  }

  private RecipientCheck check(HelperClient helper, Rules rules) throws IOException {
    // A tenth of the time is left for everything but the helper's answer.
    Duration timeLimit = config.timeout().multipliedBy(9).dividedBy(10);
    NfsMailboxes servers =
        new NfsMailboxes(NfsServers.client(config.nfs(), log::info, log::warning));
    return new RecipientCheck(helper, Mailbox.onThisMachine(), servers, rules, timeLimit, log);
  }

  private Limits limits() {
    return Limits.DEFAULT.withAnswerTime(config.timeout()).withConnections(config.maxConnections());
  }

  /** Connections are taken from the start; the helper has its time to come up. */
  private void announce(HelperClient helper) {
    String how = direct ? "direct" : "sudo";
    try {
      boolean ready = helper.awaitReady(HELPER_START);
      if (!ready && exitStatus.get() == ExitStatus.OK) {
        log.error("no helper yet (" + how + "): requests get " + config.answers().onError());
      }
      while (!ready && exitStatus.get() == ExitStatus.OK) {
        ready = helper.awaitReady(HELPER_START);
      }
      if (ready) {
        log.info("ready: listening on " + config.socket() + ", helper: " + how);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
