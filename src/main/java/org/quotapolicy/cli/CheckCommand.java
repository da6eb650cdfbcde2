// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.wire.Scope;
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

  @Override
  public Integer call() throws IOException {
    long bytes = parseSize();
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
    Need need = Need.ofMessage(bytes);
    LookupResult result =
        new UserLookup(become, sudo, TIMEOUT, this::warn).find(name, known -> missing(known, need));
    return report(name, bytes, result);
  }

  /** Which project it is that quotas of projects bind. */
  private static Optional<Scope> missing(UserQuotas known, Need need) {
    try {
      return Mailbox.onThisMachine()
          .judge(Visible.of(known), need, Instant.now())
          .unasked()
          .filter(Unasked::isOfProject)
          .map(
              what ->
                  new Scope.Device(what.device().major(), what.device().minor(), what.project()));
    } catch (IOException e) {
      return Optional.empty(); // the report says it
    }
  }

  /** Unsigned 64 bits, as in a request of Postfix. */
  private long parseSize() {
    try {
      return Long.parseUnsignedLong(size);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "--size \"" + size + "\": must be a number of bytes", e);
    }
  }

  private int report(String name, long bytes, LookupResult result) throws IOException {
    Finding finding = finding(name, bytes, result);
    if (json) {
      out().println(new JsonReport(finding).text());
    } else {
      new TextReport(finding, Terminal.ofStandardOutput(), out()).print();
    }
    out().flush();
    return finding.outcome().exitStatus();
  }

  private static Finding finding(String name, long bytes, LookupResult result) throws IOException {
    Instant now = Instant.now();
    if (result instanceof Found found) {
      UserQuotas quotas = found.quotas();
      Mailbox mailbox = Mailbox.onThisMachine();
      Judgement judgement = mailbox.judge(Visible.of(quotas), Need.ofMessage(bytes), now);
      return Finding.of(name, bytes, now, quotas, judgement, mailbox);
    }
    return result instanceof CouldNotTell unknown
        ? Finding.couldNotTell(name, bytes, now, unknown.reason())
        : Finding.noSuchUser(name, bytes, now);
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
