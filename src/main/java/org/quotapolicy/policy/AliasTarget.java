// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.Locale;

/** One destination in an alias, as aliases(5) has them. */
public sealed interface AliasTarget {
  /** A mail address in the internal form, with or without domain. */
  record Mail(String address) implements AliasTarget {}

  /** All destinations that a file lists. */
  record Include(String path) implements AliasTarget {}

  /** A program, a file, or what is not understood: nobody's quota can be asked. */
  record Other() implements AliasTarget {}

  /** The destination that an element of a list means. */
  static AliasTarget of(AddressList.Element element) {
    String text = element.text();
    if (text.toLowerCase(Locale.ROOT).startsWith(":include:")) {
      String path = text.substring(":include:".length());
      return path.startsWith("/") ? new Include(path) : new Other();
    }
    boolean mail = element.understood() && !text.isEmpty() && "/~|:".indexOf(text.charAt(0)) < 0;
    return mail ? new Mail(text) : new Other();
  }
}
