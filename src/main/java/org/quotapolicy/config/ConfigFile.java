// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The text of a configuration file, taken apart.
 *
 * <p>Each line is {@code key = value}, empty, or a comment that begins with {@code #}. A value is
 * what stands between the first {@code =} and the end of the line, without white space around it.
 *
 * @param given in the order of the lines
 * @param problems one line each, beginning with file and number of the line
 */
public record ConfigFile(List<Given> given, List<String> problems) {
  /** A file that sets nothing. */
  public static final ConfigFile NONE = new ConfigFile(List.of(), List.of());

  public ConfigFile {
    given = List.copyOf(given);
    problems = List.copyOf(problems);
  }

  /** A file that could not be read, and why. */
  public static ConfigFile unreadable(String name, String reason) {
    return new ConfigFile(List.of(), List.of(name + ": " + reason));
  }

  /** Takes a text apart; nothing in it is an exception. */
  public static ConfigFile parse(String name, String text) {
    return new Reader(name).read(text);
  }

  /** Reads one file. */
  private static final class Reader {
    private final String name;
    private final List<Given> given = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<Setting, Integer> firstLines = new EnumMap<>(Setting.class);
    private int number;

    Reader(String name) {
      this.name = name;
    }

    ConfigFile read(String text) {
      for (String line : text.split("\n", -1)) {
        number++;
        String content = line.strip();
        if (!content.isEmpty() && !content.startsWith("#")) {
          read(content.split("=", 2));
        }
      }
      return new ConfigFile(given, problems);
    }

    private void read(String[] keyAndValue) {
      String key = keyAndValue[0].strip();
      Optional<Setting> setting = Setting.ofKey(key);
      if (keyAndValue.length < 2) {
        problem("must be key = value: \"" + key + "\"");
      } else if (setting.isEmpty()) {
        problem("there is no setting \"" + key + "\"");
      } else {
        take(setting.get(), keyAndValue[1].strip());
      }
    }

    private void take(Setting setting, String value) {
      Integer first = firstLines.putIfAbsent(setting, number);
      if (first != null && !setting.isRepeatable()) {
        problem(setting.key() + " was set in line " + first + " already");
      }
      given.add(new Given(setting, value, name + ":" + number));
    }

    private void problem(String text) {
      problems.add(name + ":" + number + ": " + text);
    }
  }
}
