// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.InvalidActionException;
import org.quotapolicy.policy.RecipientDelimiter;

/**
 * The daemon's options as they were written; the values here are the defaults.
 *
 * <p>{@link #toConfig} checks all of them before it complains.
 */
public final class DaemonOptions {
  /** Most seconds of a request: less than the 100 s after which Postfix gives up by itself. */
  static final int MAX_TIMEOUT = 90;

  static final int MAX_CONNECTIONS = 100_000;

  public String homedir = "/var/spool/postfix/quotapolicy";
  public String socketfile = "quotapolicy.socket";
  public String pidfile = "quotapolicy.pid";
  public String recipientDelimiter = "+";
  public String user = "quotapolicy";
  public String socketMode = "0666";
  public @Nullable String socketGroup;
  public String overQuota = Action.DEFAULT_OVER_QUOTA.toString();
  public String onError = Action.DUNNO.toString();
  public String timeout = "5";
  public String helper = "auto";
  public String sudopath = "/usr/bin/sudo";
  public String maxConnections = "4096";
  public boolean debug;

  private final List<String> problems = new ArrayList<>();

  /** The configuration that these options mean. */
  public DaemonConfig toConfig() throws InvalidConfigException {
    problems.clear();
    Path home = absolute("--homedir", homedir);
    DaemonConfig config =
        new DaemonConfig(
            within(home, "--socketfile", socketfile),
            within(home, "--pidfile", pidfile),
            delimiter(),
            name("--user", user),
            mode(),
            Optional.ofNullable(socketGroup).map(group -> name("--socket-group", group)),
            action("--over-quota", overQuota),
            action("--on-error", onError),
            Duration.ofSeconds(number("--timeout", timeout, 1, MAX_TIMEOUT)),
            helperStart(),
            absolute("--sudopath", sudopath),
            number("--max-connections", maxConnections, 1, MAX_CONNECTIONS),
            debug);
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return config;
  }

  private Path absolute(String option, String value) {
    Path path = path(option, value);
    if (!path.isAbsolute()) {
      problem(option, value, "must be an absolute path");
    }
    return path;
  }

  /** Relative names are relative to the homedir, absolute ones are allowed. */
  private Path within(Path home, String option, String value) {
    Path path = path(option, value);
    if (path.getFileName() == null || value.endsWith("/")) {
      problem(option, value, "must name a file");
    }
    return home.resolve(path).normalize();
  }

  private Path path(String option, String value) {
    try {
      if (!value.isEmpty()) {
        return Path.of(value);
      }
      problem(option, value, "must not be empty");
    } catch (InvalidPathException e) {
      problem(option, value, "is not a path: " + e.getReason());
    }
    return Path.of("/invalid");
  }

  private RecipientDelimiter delimiter() {
    check("--recipient-delimiter", recipientDelimiter, c -> c > ' ' && c < 0x7F && c != '@');
    return new RecipientDelimiter(recipientDelimiter);
  }

  private String name(String option, String value) {
    if (value.isEmpty()) {
      problem(option, value, "must not be empty");
    }
    check(option, value, c -> c > ' ' && c != ':' && c != '/');
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private void check(String option, String value, IntPredicate allowed) {
    value
        .chars()
        .filter(allowed.negate())
        .findFirst()
        .ifPresent(c -> problem(option, value, "must not hold the character " + show(c)));
  }

  private static String show(int c) {
    return String.format(Locale.ROOT, "U+%04X", c);
  }

  private int mode() {
    if (!socketMode.matches("0?[0-7]{3}")) {
      problem("--socket-mode", socketMode, "must be three octal digits, as 0660");
      return 0;
    }
    return Integer.parseInt(socketMode, 8);
  }

  private Action action(String option, String value) {
    try {
      return Action.parse(value);
    } catch (InvalidActionException e) {
      problem(option, value, String.valueOf(e.getMessage()));
      return Action.DUNNO;
    }
  }

  private int number(String option, String value, int least, int most) {
    int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
    if (number < least || number > most) {
      problem(option, value, "must be a number from " + least + " to " + most);
      return least;
    }
    return number;
  }

  private HelperStart helperStart() {
    for (HelperStart start : HelperStart.values()) {
      if (start.name().toLowerCase(Locale.ROOT).equals(helper)) {
        return start;
      }
    }
    problem("--helper", helper, "must be direct, sudo or auto");
    return HelperStart.AUTO;
  }

  private void problem(String option, String value, String text) {
    problems.add(option + " \"" + value + "\": " + text);
  }
}
