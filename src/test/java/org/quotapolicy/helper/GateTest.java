// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class GateTest {
  private final Gate gate = new Gate(1);

  private long millisOfVainEntry() {
    long start = System.nanoTime();
    assertFalse(gate.enter());
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Test
  void enter_othersInside_waitsOnceThenNotAtAll() {
    assertTrue(gate.enter());
    assertTrue(millisOfVainEntry() >= Gate.PATIENCE_MS);
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertFalse(gate.enter());
    }
    assertTrue((System.nanoTime() - start) / 1_000_000 < Gate.PATIENCE_MS / 2);
  }

  @Test
  void enter_afterTheCallCameBack_patientAgain() {
    assertTrue(gate.enter());
    assertFalse(gate.enter());
    gate.leave();
    assertTrue(gate.enter());
    assertTrue(millisOfVainEntry() >= Gate.PATIENCE_MS);
  }

  @Test
  void enter_callComesBackMeanwhile_letIn() throws Exception {
    assertTrue(gate.enter());
    Thread other = new Thread(() -> assertTrue(gate.enter()));
    other.start();
    Thread.sleep(Gate.PATIENCE_MS / 4);
    gate.leave();
    other.join();
    assertFalse(gate.enter());
  }
}
