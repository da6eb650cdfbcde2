// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The value of each setting and where it comes from: the command line, else the file, else the
 * default. Values of a repeatable setting all come from the same of the three.
 */
public final class Settings {
  private final Map<Setting, List<Given>> given = new EnumMap<>(Setting.class);
  private final List<String> problems;

  /** Puts the command line over the file. */
  public Settings(ConfigFile file, List<Given> commandLine) {
    problems = file.problems();
    given.putAll(bySetting(file.given()));
    given.putAll(bySetting(commandLine));
  }

  private static Map<Setting, List<Given>> bySetting(List<Given> values) {
    return values.stream().collect(Collectors.groupingBy(Given::setting));
  }

  /** What is wrong with the file itself. */
  List<String> problems() {
    return problems;
  }

  /** What was given; the default if nothing was. At least one. */
  List<Given> all(Setting setting) {
    return given.getOrDefault(
        setting, List.of(new Given(setting, setting.defaultValue(), "default")));
  }

  private List<String> values(Setting setting) {
    return all(setting).stream().map(Given::value).toList();
  }

  /** The only value, or the last one where one too many is reported as a problem. */
  Given one(Setting setting) {
    List<Given> values = all(setting);
    return values.get(values.size() - 1);
  }

  /** Whether a value other than the default was given, be it the same. */
  public boolean isGiven(Setting setting) {
    return given.containsKey(setting);
  }

  /** The keys of settings that differ from those a daemon runs by, and that it cannot change. */
  public List<String> needRestart(Settings running) {
    return Arrays.stream(Setting.values())
        .filter(Setting::isForStartOnly)
        .filter(setting -> !values(setting).equals(running.values(setting)))
        .map(Setting::key)
        .toList();
  }

  /** A configuration file that means the same, with the source of each value above it. */
  public List<String> show() {
    return Arrays.stream(Setting.values())
        .flatMap(s -> all(s).stream())
        .map(Settings::show)
        .toList();
  }

  private static String show(Given value) {
    boolean none = value.source().equals("default") && value.value().isEmpty();
    String line = value.setting().key() + " = " + value.value();
    return "# " + value.source() + "\n" + (none ? "#" : "") + line.stripTrailing();
  }
}
