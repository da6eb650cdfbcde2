// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Setting;
import org.quotapolicy.config.Settings;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.Need;
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
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

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
  private String become = "quotapolicy";

  @Option(
      names = "--sudopath",
      paramLabel = "FILE",
      description = "sudo, to ask about others without being root (${DEFAULT-VALUE})")
  private String sudo = "/usr/bin/sudo";

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
      return new PolicyQuestion(socket, TIMEOUT).ask(user, bytes, json, out(), err());
    }
    String name = new String(user.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    try {
      DaemonConfig rules = DaemonOptions.toConfig(settings());
      return check(name, bytes, rules);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (InvalidConfigException e) {
      e.problems().forEach(problem -> err().println("quotapolicy: fatal: " + problem));
      return ExitStatus.USAGE;
    }
  }

  private int check(String name, long bytes, DaemonConfig rules) throws IOException {
    Looks looks = new Looks(name, Need.ofMessage(bytes).plus(rules.reserve()), rules, TIMEOUT);
    LookupResult result =
        new UserLookup(become, sudo, TIMEOUT, this::warn).find(looks.account(), looks::next);
    Finding finding = finding(name, bytes, result, looks);
    return report(finding, explain ? steps(finding, looks, rules) : List.of());
  }

  private static List<String> steps(Finding finding, Looks looks, DaemonConfig rules)
      throws IOException {
    String account = looks.account();
    return finding.quotas() == null
        ? Reasoning.without(finding, account, rules)
        : Reasoning.of(
            finding,
            account,
            finding.quotas(),
            looks.judgement().mailboxes(),
            Reasoning.Links.of(looks.mailbox()),
            rules);
  }

  /** What the daemon goes by, but for what is said here. */
  private Settings settings() {
    List<Given> given = new ArrayList<>();
    mailboxes.forEach(template -> given.add(Given.onCommandLine(Setting.MAILBOX, template)));
    if (charge != null) {
      given.add(Given.onCommandLine(Setting.CHARGE, charge));
    }
    if (reserve != null) {
      given.add(Given.onCommandLine(Setting.RESERVE, reserve));
    }
    return DaemonSource.of(given, config).readIfAllowed();
  }

  private int report(Finding finding, List<String> steps) {
    if (json) {
      out().println(new JsonReport(finding).text(steps));
    } else {
      TextReport text = new TextReport(finding, Terminal.ofStandardOutput(), out());
      text.print();
      text.print(steps);
    }
    out().flush();
    return finding.outcome().exitStatus();
  }

  private static Finding finding(String name, long bytes, LookupResult result, Looks looks)
      throws IOException {
    Instant now = Instant.now();
    if (result instanceof Found) {
      return Finding.of(name, bytes, now, looks.quotas(), looks.judgement(), looks.mailbox());
    }
    return result instanceof CouldNotTell unknown
        ? Finding.couldNotTell(name, bytes, now, unknown.reason())
        : looks
            .missing()
            .map(reason -> Finding.couldNotTell(name, bytes, now, reason))
            .orElseGet(() -> Finding.noSuchUser(name, bytes, now));
  }

  private void warn(String text) {
    err().println("quotapolicy: " + text);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
