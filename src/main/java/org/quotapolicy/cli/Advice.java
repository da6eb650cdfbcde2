// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.util.Locale;

/**
 * What {@code quotapolicy doctor} has to say about one thing.
 *
 * @param key names the check; a contract, docs/operations.md
 * @param what is so
 * @param remedy what to do; empty if nothing
 */
record Advice(Level level, String key, String what, String remedy) {

  /** How bad it is. */
  enum Level {
    /** As it should be. */
    OK,
    /** Worth knowing. */
    INFO,
    /** It works, not as well as it could. */
    WARNING,
    /** Mail is not checked, or not by what is in force. */
    ERROR;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Advice ok(String key, String what) {
    return new Advice(Level.OK, key, what, "");
  }

  static Advice info(String key, String what) {
    return new Advice(Level.INFO, key, what, "");
  }

  static Advice warning(String key, String what, String remedy) {
    return new Advice(Level.WARNING, key, what, remedy);
  }

  static Advice error(String key, String what, String remedy) {
    return new Advice(Level.ERROR, key, what, remedy);
  }

  /** On one line, which a terminal may not obey. */
  String line() {
    String text = level.word() + ": " + key + ": " + what + (remedy.isEmpty() ? "" : "; " + remedy);
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
