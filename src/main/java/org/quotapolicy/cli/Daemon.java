// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.HelperStart;
import org.quotapolicy.config.Setting;
import org.quotapolicy.config.Settings;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.HelperCommand;
import org.quotapolicy.helperclient.HelperLog;
import org.quotapolicy.helperclient.HelperSettings;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.rquota.RquotaClient;
import org.quotapolicy.rquota.ServerStatus;
import org.quotapolicy.server.ControlSocket;
import org.quotapolicy.server.Endpoint;
import org.quotapolicy.server.Limits;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.NfsMailboxes;
import org.quotapolicy.server.PolicyServers;
import org.quotapolicy.server.RecipientCheck;
import org.quotapolicy.server.Rules;
import org.quotapolicy.server.Statistics;
import org.quotapolicy.system.Credentials;
import org.quotapolicy.system.DaemonConfinement;
import org.quotapolicy.system.Landlock;
import org.quotapolicy.system.Reach;

/**
 * The daemon, from its start to its end.
 *
 * <p>SECURITY: {@link #run} reads top to bottom in the order that matters. What needs root comes
 * first and is little: look the user up, start the helper. Then root is given up for good, and only
 * then is anything touched that belongs to the unprivileged user.
 */
final class Daemon {
  private static final Duration HELPER_START = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration SOCKET_CHECK = Duration.ofSeconds(1);

  private final DaemonSource source;
  private final Settings settings;
  private final DaemonConfig config;
  private final Statistics statistics = new Statistics();
  private final ServiceStart service;
  private final Log log;
  private final boolean direct;
  private final Sockets sockets;
  private final Programs programs = new Programs();
  private final RquotaClient servers;
  private final CountDownLatch serving = new CountDownLatch(1);
  private final AtomicInteger exitStatus = new AtomicInteger(ExitStatus.OK);

  /**
   * A daemon that is not started yet.
   *
   * @param source where the settings came from, to be read again
   * @param settings what they were
   * @param config what they mean
   * @param service what the service manager gave, if one starts it
   */
  Daemon(
      DaemonSource source, Settings settings, DaemonConfig config, ServiceStart service, Log log) {
    this.source = source;
    this.settings = settings;
    this.config = config;
    this.service = service;
    boolean modeIsGiven = settings.isGiven(Setting.SOCKET_MODE);
    this.sockets = new Sockets(config, service.socket(), modeIsGiven, log);
    this.log = log;
    this.servers = NfsServers.client(config.nfs(), log::info, log::warning);
    this.direct =
        config.helper() == HelperStart.AUTO
            ? Credentials.isRoot()
            : config.helper() == HelperStart.DIRECT;
  }

  /** Runs to the end; returns the exit status. */
  int run() throws IOException {
    if (direct != Credentials.isRoot()) {
      return refuse();
    }
    Shutdown shutdown = new Shutdown(log, service.notices(), exitStatus);
    shutdown.register();
    try {
      start(shutdown);
    } catch (IOException | RuntimeException | Error e) {
      exitStatus.compareAndSet(ExitStatus.OK, ExitStatus.FAILURE);
      throw e;
    }
    return exitStatus.get();
  }

  private void start(Shutdown shutdown) throws IOException {
    Hangup hangup = Hangup.take();
    sockets.requireDirectories();
    Identity identity = identity();
    HelperClient helper = helper();
    shutdown.owns(helper);
    helper.start();
    if (Credentials.isRoot()) {
      identity.becomeForGood();
    }
    try {
      RulesReader reader = new RulesReader(log, programs);
      RecipientCheck check = check(helper, reader.first(config));
      new Reload(source, settings, reader, statistics, log, service.notices())
          .onEach(hangup, check);
      serve(check, helper, identity, shutdown, reader);
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

  private Identity identity() throws IOException {
    Identity identity = direct ? Identity.of(config.user()) : Identity.current();
    if (config.socketGroup().isPresent()) {
      identity = identity.withSocketGroup(config.socketGroup().get());
    }
    return config.adminGroup().isPresent()
        ? identity.withAdminGroup(config.adminGroup().get())
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
    exitStatus.set(ExitStatus.START_AGAIN);
    if (service.socket().isPresent()) {
      endUnanswered();
    }
    // Not on the client's thread: what ends the daemon also waits for that.
    inBackground("end", this::exitWhenServing);
  }

  private static void inBackground(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Without the file whoever is not connected yet never comes. A new one cannot be made: that takes
   * a directory to make it in, unseen, and the daemon has given up to make any.
   */
  private void watchSocket() {
    try {
      while (sockets.isInPlace()) {
        Thread.sleep(SOCKET_CHECK.toMillis());
      }
      if (service.socket().isPresent()) {
        log.error(
            "the policy socket is no longer at "
                + sockets
                + ": systemctl restart quotapolicy.socket quotapolicy.service");
        return;
      }
      log.fatal("the policy socket is no longer at " + sockets + "; start the daemon again");
      exitStatus.set(ExitStatus.START_AGAIN);
      System.exit(ExitStatus.START_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whoever loses his connection asks again, and waits for the next daemon on the socket that stays
   * open meanwhile: better than an answer that would be a guess.
   */
  private void endUnanswered() {
    service.notices().stopping();
    log.flush();
    Runtime.getRuntime().halt(exitStatus.get());
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
      RecipientCheck check,
      HelperClient helper,
      Identity identity,
      Shutdown shutdown,
      RulesReader reader)
      throws IOException {
    Optional<PolicyServers> server =
        shutdown.open(sockets::takePidFile, () -> bind(check, identity));
    if (server.isEmpty()) {
      return;
    }
    service.patience().ifPresent(patience -> watchdog(patience, server.get(), helper).start());
    inBackground("announcer", () -> announce(helper));
    openControl(helper, identity, shutdown);
    confine(check, reader);
    serving.countDown();
    inBackground("socket watch", this::watchSocket);
    if (service.socket().isPresent()) {
      awaitHelper(helper);
    }
    server.get().run();
  }

  /** Until it can answer, whoever connects may wait where the service manager lets him. */
  private static void awaitHelper(HelperClient helper) {
    try {
      helper.awaitReady(HELPER_START);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * From here on no program is started, no file opened for writing, and none read but where it is
   * needed. Not where sudo starts the helper: that is a program, and refuses to run under
   * no_new_privs, without which there is no filter.
   */
  private void confine(RecipientCheck check, RulesReader reader) throws IOException {
    if (direct) {
      programs.end();
      bind(check, reader);
      DaemonConfinement.confine()
          .ifPresent(reason -> log.warning("not confined, this kernel cannot: " + reason));
    }
  }

  /** Mail goes on without it. */
  private void bind(RecipientCheck check, RulesReader reader) {
    log.flush(); // whoever writes a line may wait for a disk
    Landlock.Outcome outcome = Landlock.bind(() -> reach(check, reader), PATIENCE);
    if (outcome instanceof Landlock.Outcome.Unavailable unavailable) {
      log.info("files are not bound by Landlock, this kernel cannot: " + unavailable.reason());
    } else if (outcome instanceof Landlock.Outcome.Failed failed) {
      log.warning("files are not bound by Landlock: " + failed.reason());
    }
  }

  private Reach reach(RecipientCheck check, RulesReader reader) {
    Set<Path> files = new HashSet<>(check.rules().aliases().all());
    files.addAll(reader.lists());
    files.add(source.path());
    return DaemonReach.of(config, files, service.notices().isStillToMeet());
  }

  /** Mail goes on without it. */
  private void openControl(HelperClient helper, Identity identity, Shutdown shutdown) {
    if (config.control().isEmpty()) {
      return;
    }
    try {
      shutdown.owns(
          ControlSocket.open(
              config.control().get(),
              identity.adminGid().isPresent() ? 0660 : 0600,
              group(identity.adminGid()),
              StatusReports.of(() -> status(helper)),
              log));
    } catch (IOException e) {
      log.error("quotapolicy status will not work: " + e.getMessage());
    }
  }

  private DaemonStatus status(HelperClient helper) {
    return new DaemonStatus(
        Main.Version.number(),
        ProcessHandle.current().pid(),
        statistics,
        helper.state(),
        direct ? "direct" : "sudo",
        config.maxConnections(),
        leftAlone(),
        Instant.now());
  }

  private List<String> leftAlone() {
    return servers.servers().stream()
        .filter(ServerStatus::isLeftAlone)
        .map(server -> server.name() + " since " + server.since())
        .toList();
  }

  private static OptionalLong group(Optional<Long> gid) {
    return gid.stream().mapToLong(Long::longValue).findFirst();
  }

  private Watchdog watchdog(Duration patience, PolicyServers server, HelperClient helper) {
    return new Watchdog(patience, server, helper, service.notices());
  }

  private PolicyServers bind(RecipientCheck check, Identity identity) throws IOException {
    List<Endpoint> endpoints = sockets.open(group(identity.socketGid()));
    return new PolicyServers(endpoints, check, limits(), statistics, log);
  }

  private RecipientCheck check(HelperClient helper, Rules rules) throws IOException {
    // A tenth of the time is left for everything but the helper's answer.
    Duration timeLimit = config.timeout().multipliedBy(9).dividedBy(10);
    return new RecipientCheck(
        helper,
        Mailbox.onThisMachine(),
        new NfsMailboxes(servers),
        rules,
        timeLimit,
        statistics,
        log);
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
        String without = "no helper yet (" + how + "): requests get " + config.answers().onError();
        log.error(without);
        // What waits for this start is mail: it goes on, unchecked for now.
        service.notices().ready(without);
      }
      while (!ready && exitStatus.get() == ExitStatus.OK) {
        ready = helper.awaitReady(HELPER_START);
      }
      if (ready) {
        String state = "listening on " + sockets + ", helper: " + how;
        log.info("ready: " + state);
        service.notices().ready(state);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
