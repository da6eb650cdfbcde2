// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.Need;

/**
 * A question of {@code quotapolicy check} about a user.
 *
 * @param user his name, each byte as one char
 * @param size bytes of the message, unsigned; 0 = not declared
 * @param json whether the answer is a JSON object
 * @param explain whether it tells the reasoning
 * @param become who root becomes
 * @param sudo path of sudo
 * @param rules what the daemon goes by, but for what was said on the command line
 */
record Check(
    String user,
    long size,
    boolean json,
    boolean explain,
    String become,
    String sudo,
    DaemonSource rules) {
  static final Duration TIMEOUT = Duration.ofSeconds(10);
  static final String BECOME = "quotapolicy";
  static final String SUDO = "/usr/bin/sudo";

  /**
   * The question of a command line that is no more than "check USER", perhaps with a flag between;
   * empty if it is. Picocli would find the same, but takes a fifth of the whole time to start.
   */
  static Optional<Check> plain(String... args) {
    int last = args.length - 1;
    String flag = last == 2 ? args[1] : "";
    boolean json = flag.equals("--json");
    boolean explain = flag.equals("--explain");
    return (last == 1 || json || explain) && args[0].equals("check") && isName(args[last])
        ? Optional.of(
            new Check(args[last], 0, json, explain, BECOME, SUDO, DaemonSource.of(List.of(), null)))
        : Optional.empty();
  }

  private static boolean isName(String text) {
    boolean isName = !text.isEmpty() && text.charAt(0) != '-';
    for (int i = 0; i < text.length(); i++) {
      isName &= text.charAt(i) > ' ' && text.charAt(i) <= '~';
    }
    return isName;
  }

  /** Answers it; the exit status. */
  int run(PrintWriter out, PrintWriter err) throws IOException {
    try {
      return run(DaemonOptions.toConfig(rules.readIfAllowed()), out, err);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (InvalidConfigException e) {
      e.problems().forEach(problem -> err.println("quotapolicy: fatal: " + problem));
      return ExitStatus.USAGE;
    }
  }

  private int run(DaemonConfig config, PrintWriter out, PrintWriter err) throws IOException {
    Looks looks = new Looks(user, Need.ofMessage(size).plus(config.reserve()), config, TIMEOUT);
    LookupResult result =
        new UserLookup(become, sudo, TIMEOUT, text -> err.println("quotapolicy: " + text))
            .find(looks.account(), looks::next);
    Finding finding = finding(result, looks);
    print(finding, explain ? steps(finding, looks, config) : List.of(), out);
    return finding.outcome().exitStatus();
  }

  private Finding finding(LookupResult result, Looks looks) throws IOException {
    Instant now = Instant.now();
    if (result instanceof Found) {
      return Finding.of(user, size, now, looks.quotas(), looks.judgement(), looks.mailbox());
    }
    return result instanceof CouldNotTell unknown
        ? Finding.couldNotTell(user, size, now, unknown.reason())
        : looks
            .missing()
            .map(reason -> Finding.couldNotTell(user, size, now, reason))
            .orElseGet(() -> Finding.noSuchUser(user, size, now));
  }

  private static List<String> steps(Finding finding, Looks looks, DaemonConfig config)
      throws IOException {
    String account = looks.account();
    return finding.quotas() == null
        ? Reasoning.without(finding, account, config)
        : Reasoning.of(
            finding,
            account,
            finding.quotas(),
            looks.judgement().mailboxes(),
            Reasoning.Links.of(looks.mailbox()),
            config);
  }

  private void print(Finding finding, List<String> steps, PrintWriter out) {
    if (json) {
      out.println(new JsonReport(finding).text(steps));
    } else {
      TextReport text = new TextReport(finding, Terminal.ofStandardOutput(), out);
      text.print();
      text.print(steps);
    }
    out.flush();
  }
}
