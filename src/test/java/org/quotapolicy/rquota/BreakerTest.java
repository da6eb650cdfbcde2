// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final long START = Long.MAX_VALUE - 5; // nanoTime() may overflow

  private final Breaker breaker = new Breaker();

  private void open() {
    for (int i = 0; i < Breaker.PATIENCE; i++) {
      breaker.unanswered(START);
    }
  }

  @Test
  void admits_someSilences_stillAsks() {
    breaker.unanswered(START);
    breaker.unanswered(START);
    assertTrue(breaker.admits(START));
    breaker.answered();
    breaker.unanswered(START);
    breaker.unanswered(START);
    assertTrue(breaker.admits(START), "not in a row");
  }

  @Test
  void admits_leftAlone_onlyAfterARest() {
    open();
    assertFalse(breaker.admits(START + Breaker.REST - 1));
    assertTrue(breaker.admits(START + Breaker.REST));
  }

  @Test
  void admits_whileItIsTried_nobodyElse() {
    open();
    assertTrue(breaker.admits(START + Breaker.REST));
    assertFalse(breaker.admits(START + 2 * Breaker.REST));
    breaker.unanswered(START + 2 * Breaker.REST);
    assertFalse(breaker.admits(START + 3 * Breaker.REST - 1));
    assertTrue(breaker.admits(START + 3 * Breaker.REST));
  }

  @Test
  void admits_tryWithdrawn_another() {
    open();
    assertTrue(breaker.admits(START + Breaker.REST));
    breaker.withdrawn();
    assertTrue(breaker.admits(START + Breaker.REST));
  }

  @Test
  void admits_answered_everybody() {
    open();
    assertTrue(breaker.admits(START + Breaker.REST));
    breaker.answered();
    assertFalse(breaker.isOpen());
    assertTrue(breaker.admits(START + Breaker.REST));
    assertTrue(breaker.admits(START + Breaker.REST));
  }
}
