// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import java.util.Objects;

/** Says that something does not hold, which Jazzer takes for a finding. */
final class Must {
  private Must() {}

  static void hold(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  static void equal(Object expected, Object actual, String what) {
    hold(Objects.equals(expected, actual), what + ": " + expected + " is not " + actual);
  }
}
