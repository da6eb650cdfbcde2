// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A list of domains as Postfix's {@code mydestination} and as files of names have it.
 *
 * <p>Source: postconf(5) mydestination: names, {@code /file/name}, {@code type:table}, separated by
 * commas and white space; {@code !} before any of them excludes it.
 *
 * @param names each perhaps with {@code !} before it, in their order
 * @param files absolute paths of further lists
 * @param notUnderstood tables and patterns that cannot be looked into
 */
public record DomainList(List<String> names, List<String> files, List<String> notUnderstood) {
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
  private static final Pattern NAME = Pattern.compile("!*[^\\p{Cntrl} /:!@{}]+");
  private static final Pattern LITERAL = Pattern.compile("!*\\[[^\\]\\s]+\\]");

  public DomainList {
    names = List.copyOf(names);
    files = List.copyOf(files);
    notUnderstood = List.copyOf(notUnderstood);
  }

  /** Parses the text of a parameter or of a file; lines that begin with {@code #} are comments. */
  public static DomainList parse(String text) {
    List<String> names = new ArrayList<>();
    List<String> files = new ArrayList<>();
    List<String> notUnderstood = new ArrayList<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(SEPARATOR::splitAsStream)
        .filter(word -> !word.isEmpty())
        .forEach(word -> kind(word, names, files, notUnderstood).add(word));
    return new DomainList(names, files, notUnderstood);
  }

  private static List<String> kind(
      String word, List<String> names, List<String> files, List<String> notUnderstood) {
    if (NAME.matcher(word).matches() || LITERAL.matcher(word).matches()) {
      return names;
    }
    return word.startsWith("/") ? files : notUnderstood;
  }
}
