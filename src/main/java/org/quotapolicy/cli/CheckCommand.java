// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quotapolicy check}: says whether mail for a user would be accepted, and why. */
@Command(
    name = "check",
    description = "Says whether mail for a user would be accepted, and why.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeOnExecutionException = ExitStatus.COULD_NOT_TELL,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:mail would be accepted",
      "1:mail would be refused",
      "2:usage error",
      "3:no such user",
      "4:could not tell; the reason is printed"
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "USER", description = "name of the user; with --socket any recipient")
  private String user = "";

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "size of the message (not declared unless given)")
  private String size = "0";

  @Option(names = "--json", description = "print one JSON object (docs/check-json.md)")
  private boolean json;

  @Option(names = "--explain", description = "tell the reasoning, step by step")
  private boolean explain;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "ask the daemon behind this policy socket as Postfix does; print its answer")
  private @Nullable Path socket;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "who to become when started as root (${DEFAULT-VALUE})")
  private String become = Check.BECOME;

  @Option(
      names = "--sudopath",
      paramLabel = "FILE",
      description = "sudo, to ask about others without being root (${DEFAULT-VALUE})")
  private String sudo = Check.SUDO;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "configuration file of the daemon; the usual one if it may be read")
  private @Nullable Path config;

  @Option(
      names = "--mailbox",
      paramLabel = "TEMPLATE",
      description = "where mail is stored, as for the daemon; can be repeated")
  private List<String> mailboxes = List.of();

  @Option(
      names = "--charge",
      paramLabel = "USER",
      description = "the account that all mail is stored under")
  private @Nullable String charge;

  @Option(
      names = "--reserve",
      paramLabel = "BYTES",
      description = "room that must stay free beside the message")
  private @Nullable String reserve;

  @Override
  public Integer call() throws IOException {
    long bytes = MessageSize.parse(size, spec);
    if (user.indexOf('\uFFFD') >= 0) {
      throw new ParameterException(
          spec.commandLine(), "USER is not in the encoding of this locale: set LC_ALL=C.UTF-8");
    }
    if (user.isEmpty() || user.chars().anyMatch(Character::isISOControl)) {
      throw new ParameterException(
          spec.commandLine(), "USER must not be empty nor hold control characters");
    }
    if (socket != null) {
      return new PolicyQuestion(socket, Check.TIMEOUT).ask(user, bytes, json, out(), err());
    }
    return question(bytes).run(out(), err());
  }

  /** What is asked about a user. */
  Check question(long bytes) {
    String name = new String(user.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return new Check(name, bytes, json, explain, become, sudo, DaemonSource.of(given(), config));
  }

  /** What is said here, and not by the daemon's settings. */
  private List<Given> given() {
    List<Given> given = new ArrayList<>();
    mailboxes.forEach(template -> given.add(Given.onCommandLine(Setting.MAILBOX, template)));
    if (charge != null) {
      given.add(Given.onCommandLine(Setting.CHARGE, charge));
    }
    if (reserve != null) {
      given.add(Given.onCommandLine(Setting.RESERVE, reserve));
    }
    return given;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
