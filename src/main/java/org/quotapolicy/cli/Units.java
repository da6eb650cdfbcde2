// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Duration;

/** Numbers as people read them. */
final class Units {
  private static final String[] PREFIXES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int BAR_WIDTH = 20;

  private Units() {}

  /** Bytes, unsigned, with one decimal in the largest unit that leaves at least 1: "1.5 MiB". */
  static String bytes(long bytes) {
    double value = unsigned(bytes);
    int unit = 0;
    while (value >= 1024 && unit < PREFIXES.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? (long) value + " B" : oneDecimal(value) + " " + PREFIXES[unit];
  }

  /** A count, unsigned. */
  static String count(long count) {
    return Long.toUnsignedString(count);
  }

  /** A length of time in its two largest units: "6 d 23 h", "59 min", "0 s". */
  static String duration(Duration length) {
    long seconds = length.abs().toSeconds();
    if (seconds >= 86_400) {
      return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }
    if (seconds >= 3600) {
      return pair(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return seconds >= 60 ? pair(seconds / 60, "min", seconds % 60, "s") : seconds + " s";
  }

  /**
   * A usage bar with its percentage. More than the limit fills the bar; any usage shows one cell.
   *
   * @param usage unsigned
   * @param limit unsigned, not 0
   * @param full the character of a used cell
   * @param free the character of a free cell
   */
  static String bar(long usage, long limit, char full, char free) {
    double share = unsigned(usage) / unsigned(limit);
    int cells = (int) Math.min(BAR_WIDTH, Math.floor(share * BAR_WIDTH));
    int shown = usage != 0 && cells == 0 ? 1 : cells;
    return String.valueOf(full).repeat(shown)
        + String.valueOf(free).repeat(BAR_WIDTH - shown)
        + " "
        + (long) Math.floor(share * 100)
        + " %";
  }

  private static String pair(long first, String firstUnit, long second, String secondUnit) {
    String rest = second == 0 ? "" : " " + second + " " + secondUnit;
    return first + " " + firstUnit + rest;
  }

  /** Cut, not rounded: what is not full must not read as full. */
  private static String oneDecimal(double value) {
    long tenths = (long) Math.floor(value * 10);
    return tenths / 10 + "." + tenths % 10;
  }

  private static double unsigned(long value) {
    double half = (value >>> 1) * 2.0;
    return value >= 0 ? value : half + (value & 1);
  }
}
