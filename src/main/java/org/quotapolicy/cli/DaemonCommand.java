// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.server.Log;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quotapolicy daemon}: the options; {@link Daemon} does the rest. */
@Command(
    name = "daemon",
    description = "Answers Postfix on a policy socket. Stays in the foreground.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeOnExecutionException = ExitStatus.FAILURE,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:ended by SIGTERM",
      "1:could not start",
      "2:wrong options",
      "75:the helper is lost: start the daemon again"
    })
final class DaemonCommand implements Callable<Integer> {
  private final DaemonOptions options = new DaemonOptions();
  private final Log log = Log.toStandardError();
  private @Nullable String quotapath;

  @Override
  public Integer call() {
    // A stack trace on System.err could block the thread whose end it tells.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> log.error("thread " + thread.getName() + " ended: " + e));
    try {
      DaemonConfig config = options.toConfig();
      if (quotapath != null) {
        log.warning("--quotapath is ignored: the kernel is asked directly, no quota(1) is run");
      }
      return new Daemon(config, log).run();
    } catch (InvalidConfigException e) {
      e.problems().forEach(log::fatal);
      return ExitStatus.USAGE;
    } catch (IOException e) {
      log.fatal(String.valueOf(e.getMessage()));
      return ExitStatus.FAILURE;
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(log::fatal);
      return ExitStatus.FAILURE;
    } finally {
      log.flush();
    }
  }

  @Option(
      names = {"-H", "--homedir"},
      paramLabel = "DIR",
      description = "where socket and pid file are (/var/spool/postfix/quotapolicy)")
  void homedir(String value) {
    options.homedir = value;
  }

  @Option(
      names = {"-s", "--socketfile"},
      paramLabel = "FILE",
      description = "policy socket, relative to the homedir (quotapolicy.socket)")
  void socketfile(String value) {
    options.socketfile = value;
  }

  @Option(
      names = {"-p", "--pidfile"},
      paramLabel = "FILE",
      description = "pid file, relative to the homedir (quotapolicy.pid)")
  void pidfile(String value) {
    options.pidfile = value;
  }

  @Option(
      names = {"-d", "--recipient-delimiter"},
      paramLabel = "CHARS",
      description = "set of characters, as Postfix's recipient_delimiter (+)")
  void recipientDelimiter(String value) {
    options.recipientDelimiter = value;
  }

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "who to become when started as root (quotapolicy)")
  void user(String value) {
    options.user = value;
  }

  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      description = "permissions of the socket (0666)")
  void socketMode(String value) {
    options.socketMode = value;
  }

  @Option(
      names = "--socket-group",
      paramLabel = "GROUP",
      description = "group of the socket (the user's)")
  void socketGroup(String value) {
    options.socketGroup = value;
  }

  @Option(
      names = "--over-quota",
      paramLabel = "ACTION",
      description =
          "answer for a full user (DEFER_IF_PERMIT 4.2.2 Mailbox is full, please try again later)")
  void overQuota(String value) {
    options.overQuota = value;
  }

  @Option(
      names = "--on-error",
      paramLabel = "ACTION",
      description = "answer when it could not be told (DUNNO)")
  void onError(String value) {
    options.onError = value;
  }

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "every request is answered within it (5)")
  void timeout(String value) {
    options.timeout = value;
  }

  @Option(
      names = "--helper",
      paramLabel = "HOW",
      description = "how the helper is started: direct, sudo or auto (auto)")
  void helper(String value) {
    options.helper = value;
  }

  @Option(names = "--sudopath", paramLabel = "FILE", description = "sudo (/usr/bin/sudo)")
  void sudopath(String value) {
    options.sudopath = value;
  }

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "at the limit the one idle longest makes room (4096)")
  void maxConnections(String value) {
    options.maxConnections = value;
  }

  @Option(names = "--debug", description = "log each decision")
  void debug(boolean value) {
    options.debug = value;
  }

  @Option(
      names = {"-q", "--quotapath"},
      paramLabel = "FILE",
      description = "ignored, for old start scripts")
  void quotapath(String value) {
    quotapath = value;
  }
}
