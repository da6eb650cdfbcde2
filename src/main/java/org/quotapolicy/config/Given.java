// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

/**
 * A value that somebody gave to a setting.
 *
 * @param value as it was written
 * @param source where: {@code FILE:LINE} or {@link #COMMAND_LINE}
 */
public record Given(Setting setting, String value, String source) {
  /** The source of what was given as an option. */
  static final String COMMAND_LINE = "command line";

  /** A value given on the command line. */
  public static Given onCommandLine(Setting setting, String value) {
    return new Given(setting, value, COMMAND_LINE);
  }

  /** A problem with it, as one line. */
  String problem(String text) {
    String where = source.equals(COMMAND_LINE) ? "--" : source + ": ";
    return where + setting.key() + " \"" + value + "\": " + text;
  }
}
