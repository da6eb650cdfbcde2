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
    double share = share(usage, limit);
    return bar(share, BAR_WIDTH, full, free) + " " + percent(share);
  }

  /** The same without percentage, of so many cells. */
  static String bar(double share, int width, char full, char free) {
    int cells = (int) Math.min(width, Math.floor(share * width));
    int shown = share > 0 && cells == 0 ? Math.min(1, width) : cells;
    return String.valueOf(full).repeat(shown) + String.valueOf(free).repeat(width - shown);
  }

  /** A share of a whole, cut: "99 %". */
  static String percent(double share) {
    return (long) Math.floor(share * 100) + " %";
  }

  /**
   * What share of a limit is used; more than 1 if it is exceeded.
   *
   * @param usage unsigned
   * @param limit unsigned, not 0
   */
  static double share(long usage, long limit) {
    return unsigned(usage) / unsigned(limit);
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
