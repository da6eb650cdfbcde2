// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.quotapolicy.kernel.Accounts;
import org.quotapolicy.kernel.Accounts.Reply.Found;

/** Whether the daemon runs, and Postfix can reach it. */
final class DaemonChecks {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Host host;
  private final List<Advice> advice = new ArrayList<>();

  private DaemonChecks(Host host) {
    this.host = host;
  }

  /** All that there is to say. */
  static List<Advice> of(Host host) throws IOException {
    DaemonChecks checks = new DaemonChecks(host);
    checks.checkPostfix();
    checks.checkProcesses();
    checks.checkSocket();
    checks.checkControl();
    return checks.advice;
  }

  private void checkPostfix() throws IOException {
    if (Processes.withProgram("/master").isEmpty()) {
      advice.add(Advice.error("postfix", "Postfix is not running", "postfix start"));
    } else {
      advice.add(Advice.ok("postfix", "running"));
    }
  }

  private void checkProcesses() throws IOException {
    List<Long> daemons = Processes.withWords("org.quotapolicy.cli.Main", "daemon");
    if (daemons.size() > 1) {
      advice.add(
          Advice.warning(
              "two-daemons",
              "several daemons are running: processes " + daemons,
              "end all but one"));
    }
    Path file = host.config().pidFile();
    Optional<Long> pid = Files.isReadable(file) ? number(Files.readString(file)) : Optional.empty();
    if (pid.isPresent() && !daemons.contains(pid.get())) {
      advice.add(
          Advice.warning(
              "pid-file",
              file + " names process " + pid.get() + ", which is not the daemon",
              "start the daemon: it replaces the file"));
    } else {
      advice.add(Advice.ok("pid-file", pid.isPresent() ? "process " + pid.get() : "none"));
    }
  }

  private static Optional<Long> number(String text) {
    return text.strip().matches("[0-9]{1,10}")
        ? Optional.of(Long.parseLong(text.strip()))
        : Optional.empty();
  }

  private void checkSocket() throws IOException {
    Path socket = host.config().socket();
    if (!Files.exists(socket)) {
      advice.add(
          Advice.error(
              "daemon",
              Files.isDirectory(directory(socket))
                  ? "the daemon is not running: there is no " + socket
                  : "there is no directory " + directory(socket) + ", or it cannot be entered",
              "start it: systemctl start quotapolicy, or quotapolicy daemon"));
      return;
    }
    checkAnswer(socket);
    checkAccess(socket);
  }

  private void checkAnswer(Path socket) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int status = new PolicyQuestion(socket, TIMEOUT).ask("postmaster", 0, false, out, out);
    out.flush();
    if (status == ExitStatus.COULD_NOT_TELL) {
      advice.add(
          Advice.error(
              "daemon",
              "the daemon does not answer: " + said.toString().strip(),
              "start it again"));
    } else {
      advice.add(Advice.ok("daemon", "answers " + said.toString().strip()));
    }
  }

  /** smtpd has the mail owner's ids and no further group, set_ugid(3) of Postfix. */
  private void checkAccess(Path socket) throws IOException {
    String owner = host.postfix().get("mail_owner");
    if (!(Accounts.byName(owner) instanceof Found account)) {
      return;
    }
    Optional<Path> obstacle = new FileAccess(account.uid(), account.gid()).obstacle(socket);
    if (obstacle.isPresent()) {
      advice.add(
          Advice.error(
              "socket-access",
              "user " + owner + ", as whom smtpd runs, cannot get past " + obstacle.get(),
              obstacle.get().equals(socket)
                  ? onlyFor(owner)
                  : "install -d -o quotapolicy -g " + owner + " -m 750 " + obstacle.get()));
    } else if (host.config().socketMode() % 8 >= 2 && isOpen(directory(socket))) {
      advice.add(
          Advice.warning("socket-access", "every local user can ask who is full", onlyFor(owner)));
    } else {
      advice.add(Advice.ok("socket-access", "Postfix can connect"));
    }
  }

  private static String onlyFor(String group) {
    return "set socket-mode = 0660 and socket-group = "
        + group
        + "; with systemd's socket SocketMode= and SocketGroup= of quotapolicy.socket";
  }

  private static Path directory(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  /** Whether others may search a directory. */
  private static boolean isOpen(Path directory) throws IOException {
    return ((Integer) Files.getAttribute(directory, "unix:mode") & 1) != 0;
  }

  /** Of a daemon that does not answer at all, enough has been said. */
  private void checkControl() {
    boolean isSilent =
        advice.stream()
            .anyMatch(one -> one.key().equals("daemon") && one.level() != Advice.Level.OK);
    if (isSilent || host.config().control().isEmpty()) {
      return;
    }
    Path socket = host.config().control().get();
    try {
      ControlQuestion.ask(socket, StatusReports.JSON);
      advice.add(Advice.ok("control-socket", "answers"));
    } catch (IOException e) {
      advice.add(
          Advice.warning(
              "control-socket",
              socket + " does not answer: " + e.getMessage(),
              "see the daemon's log for why it could not be opened"));
    }
  }
}
