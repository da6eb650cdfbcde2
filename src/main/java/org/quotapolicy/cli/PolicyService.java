// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A check_policy_service in a list of restrictions. Source: postconf(5), SMTPD_POLICY_README.
 *
 * @param list name of the parameter it stands in
 * @param endpoint as {@code unix:PATH} or {@code inet:HOST:PORT}
 * @param options as {@code timeout=10s}
 * @param before the words that stand before it
 */
record PolicyService(
    String list, String endpoint, Map<String, String> options, List<String> before) {
  private static final String KEYWORD = "check_policy_service";

  PolicyService {
    options = Map.copyOf(options);
    before = List.copyOf(before);
  }

  /** All of them in a list. */
  static List<PolicyService> in(String list, String value) {
    List<String> words = words(value);
    return IntStream.range(1, words.size())
        .filter(i -> words.get(i - 1).equals(KEYWORD))
        .mapToObj(i -> of(list, words.get(i), words.subList(0, i - 1)))
        .toList();
  }

  private static PolicyService of(String list, String word, List<String> before) {
    if (!word.startsWith("{")) {
      return new PolicyService(list, word, Map.of(), before);
    }
    List<String> inner = words(word.substring(1, word.length() - 1));
    Map<String, String> options = new HashMap<>();
    inner.stream()
        .skip(1)
        .map(option -> option.replaceAll("^\\{\\s*|\\s*}$", "").split("=", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> options.put(parts[0].strip(), parts[1].strip()));
    return new PolicyService(list, inner.isEmpty() ? "" : inner.get(0), options, before);
  }

  /** Separated by commas and white space; what is in braces is one word. */
  static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int depth = 0;
    for (char c : (value + " ").toCharArray()) {
      depth += c == '{' ? 1 : 0;
      depth -= c == '}' ? 1 : 0;
      if (depth > 0 || (c != ',' && !Character.isWhitespace(c))) {
        word.append(c);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    return words;
  }

  /** Seconds of an option like {@code 10s}; empty if it is not set or not understood. */
  Optional<Integer> seconds(String option) {
    String value = options.getOrDefault(option, "");
    return value.matches("[0-9]{1,6}[smh]?")
        ? Optional.of(seconds(value, value.length() - 1))
        : Optional.empty();
  }

  private static int seconds(String value, int last) {
    return switch (value.charAt(last)) {
      case 'h' -> 3_600 * Integer.parseInt(value.substring(0, last));
      case 'm' -> 60 * Integer.parseInt(value.substring(0, last));
      case 's' -> Integer.parseInt(value.substring(0, last));
      default -> Integer.parseInt(value);
    };
  }
}
