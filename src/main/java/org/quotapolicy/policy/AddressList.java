// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits the right side of an alias into its elements, and takes quotes and comments off.
 *
 * <p>Source: RFC 822 section 3.3, Postfix tok822_parse(3): quoted strings, quoted pairs, nested
 * comments in parentheses, {@code phrase <address>}. What Postfix might read otherwise is marked as
 * not understood.
 */
final class AddressList {
  /**
   * Most elements: what is behind them is never looked at, as it is {@link Expansion}'s too much.
   */
  static final int MOST = Expansion.MAX_STEPS + 1;

  private final String text;
  private final boolean spaceSeparates;
  private final List<Element> elements = new ArrayList<>();
  private final StringBuilder element = new StringBuilder();
  private int next;
  private boolean begun;
  private boolean gap;
  private boolean broken;

  /**
   * One element.
   *
   * @param text without quotes
   * @param understood whether it can only be read this way
   */
  record Element(String text, boolean understood) {}

  private AddressList(String text, boolean spaceSeparates) {
    this.text = text;
    this.spaceSeparates = spaceSeparates;
  }

  /** The first elements, which commas separate, and white space too if so said. */
  static List<Element> split(String text, boolean spaceSeparates) {
    AddressList list = new AddressList(text, spaceSeparates);
    while (list.next < text.length() && list.elements.size() < MOST) {
      list.take(text.charAt(list.next++));
    }
    list.end();
    return list.elements;
  }

  private void take(char c) {
    switch (c) {
      case ',' -> end();
      case ' ', '\t', '\n', '\r' -> space();
      case '"' -> quoted('"');
      case '<' -> route();
      case '(' -> comment();
      case '\\' -> add(next < text.length() ? text.charAt(next++) : fail());
      case '>', ')', ';' -> add(fail());
      default -> add(c);
    }
  }

  private void space() {
    if (spaceSeparates) {
      end();
    } else {
      gap = begun;
    }
  }

  private void add(char c) {
    broken |= gap;
    begun = true;
    element.append(c);
  }

  /** What follows an opening character, up to the closing one. */
  private void quoted(char close) {
    broken |= gap;
    begun = true;
    while (next < text.length()) {
      char c = text.charAt(next++);
      if (c == close) {
        return;
      }
      element.append(c == '\\' && next < text.length() ? text.charAt(next++) : c);
    }
    broken = true;
  }

  /** What came before was a name for people. */
  private void route() {
    element.setLength(0);
    gap = false;
    broken = false;
    quoted('>');
    // Quotes and routes inside are possible, and too rare to be read.
    broken |= element.indexOf("\"") >= 0 || element.indexOf(":") >= 0;
    gap = true;
  }

  private void comment() {
    for (int depth = 1; depth > 0; next++) {
      if (next >= text.length()) {
        broken = true;
        return;
      }
      char c = text.charAt(next);
      if (c == '\\') {
        next++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
    }
  }

  private char fail() {
    broken = true;
    return '?';
  }

  private void end() {
    if (begun || broken) {
      elements.add(new Element(element.toString(), !broken));
    }
    element.setLength(0);
    begun = false;
    gap = false;
    broken = false;
  }
}
