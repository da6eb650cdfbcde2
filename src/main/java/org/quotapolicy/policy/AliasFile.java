// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of a file in the format of aliases(5) or virtual(5), taken apart.
 *
 * <p>Of a key that comes twice the first entry counts, as with postalias(1) and postmap(1).
 *
 * @param entries by folded key
 * @param problems what was left out, one line each, beginning with the number of the line
 */
public record AliasFile(Map<String, List<AliasTarget>> entries, List<String> problems) {
  public AliasFile {
    entries = Map.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /** Reads aliases(5): {@code name: destination, ...}. */
  public static AliasFile ofAliases(String text) {
    return new Reader(':').read(text);
  }

  /** Reads virtual(5): {@code address destination, ...}. */
  public static AliasFile ofVirtual(String text) {
    return new Reader(' ').read(text);
  }

  /**
   * Reads a file named by {@code :include:}: destinations only, lines with {@code #} left out. Of
   * those that are too many to be asked for, the first.
   */
  public static List<AliasTarget> ofInclude(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> AddressList.split(line, false).stream())
        .limit(AddressList.MOST)
        .map(AliasTarget::of)
        .toList();
  }

  /** Reads one file. */
  private static final class Reader {
    private final char separator;
    private final Map<String, List<AliasTarget>> entries = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    Reader(char separator) {
      this.separator = separator;
    }

    AliasFile read(String text) {
      LogicalLines.of(text).forEach(this::read);
      return new AliasFile(entries, problems);
    }

    private void read(LogicalLines.Line line) {
      int end = endOfKey(line.text());
      if (end < 0) {
        problem(line, separator == ':' ? "no colon behind the name" : "no destination");
        return;
      }
      List<AddressList.Element> key = AddressList.split(line.text().substring(0, end), false);
      List<AliasTarget> targets = targets(line.text().substring(end + 1));
      if (key.size() != 1 || !key.get(0).understood() || key.get(0).text().isEmpty()) {
        problem(line, "the name is not understood");
      } else if (targets.isEmpty()) {
        problem(line, "no destination");
      } else if (entries.putIfAbsent(fold(key.get(0).text()), targets) != null) {
        problem(line, "the name came before: the first entry counts");
      }
    }

    private List<AliasTarget> targets(String text) {
      return AddressList.split(text, separator == ' ').stream().map(this::target).toList();
    }

    /** In virtual(5) everything is an address; what cannot be one goes elsewhere all the same. */
    private AliasTarget target(AddressList.Element element) {
      AliasTarget target = AliasTarget.of(element);
      return separator == ' ' && target instanceof AliasTarget.Include
          ? new AliasTarget.Other()
          : target;
    }

    private static String fold(String key) {
      return key.indexOf('@') < 0 ? Address.foldAscii(key) : Address.of(key).key();
    }

    /** The first separator outside of quotes; -1 if there is none. */
    private int endOfKey(String text) {
      boolean quoted = false;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i) == '\t' && separator == ' ' ? ' ' : text.charAt(i);
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = !quoted;
        } else if (c == separator && !quoted) {
          return i;
        }
      }
      return -1;
    }

    private void problem(LogicalLines.Line line, String text) {
      problems.add("line " + line.number() + ": " + text);
    }
  }
}
