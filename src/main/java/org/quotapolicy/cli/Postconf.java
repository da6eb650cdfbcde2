// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The configuration of Postfix as postconf(1) tells it.
 *
 * @param parameters those of main.cf and the defaults, with other parameters put in
 * @param services the lines of master.cf, options behind them
 * @param overrides parameters of single services, as {@code smtp/inet/NAME}
 */
record Postconf(
    Map<String, String> parameters, List<String> services, Map<String, String> overrides) {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String PROGRAM = "/usr/sbin/postconf";
  private static final Pattern COLUMNS = Pattern.compile("\\s+");

  /** A service of master.cf that runs smtpd: {@code name/type}, and whether in a chroot. */
  record Smtpd(String name, boolean isChrooted) {}

  Postconf {
    parameters = Map.copyOf(parameters);
    services = List.copyOf(services);
    overrides = Map.copyOf(overrides);
  }

  /** Asks postconf(1). */
  static Postconf read() throws IOException {
    return of(run("-x"), run("-M"), run("-Px"));
  }

  private static String run(String option) throws IOException {
    return new Command(List.of(PROGRAM, option), LIMIT).output();
  }

  static Postconf of(String parameters, String services, String overrides) {
    return new Postconf(assignments(parameters), services.lines().toList(), assignments(overrides));
  }

  private static Map<String, String> assignments(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .map(line -> line.split("=", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> values.put(parts[0].strip(), parts[1].strip()));
    return values;
  }

  /** The value of a parameter; empty if it is not set. */
  String get(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** Its value for a service. */
  String get(Smtpd service, String name) {
    return overrides.getOrDefault(service.name() + "/" + name, get(name));
  }

  boolean isYes(String name) {
    return get(name).equals("yes");
  }

  /** The words of a list. */
  List<String> words(String name) {
    return Pattern.compile("[,\\s]+")
        .splitAsStream(get(name))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** All services that run smtpd. */
  List<Smtpd> smtpds() {
    return services.stream().map(this::smtpd).flatMap(Optional::stream).toList();
  }

  /** Columns: service, type, private, unpriv, chroot, wakeup, maxproc, command. master(5). */
  private Optional<Smtpd> smtpd(String line) {
    String[] columns = COLUMNS.split(line, 9);
    if (columns.length < 8 || !columns[7].equals("smtpd")) {
      return Optional.empty();
    }
    boolean chrooted = columns[4].equals("-") ? isOld() : columns[4].equals("y");
    return Optional.of(new Smtpd(columns[0] + "/" + columns[1], chrooted));
  }

  /** Before Postfix 3.0, and where it is asked to behave so, chroot was the default. */
  private boolean isOld() {
    return get("compatibility_level").equals("0");
  }
}
