// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HangupTest {
  @Test
  @Timeout(20)
  void signal_isTakenAndWaitsToBeAwaited() throws Exception {
    Hangup hangup = Hangup.take();
    hangUp();
    hangup.await();
    hangUp();
    hangup.await();
  }

  private static void hangUp() throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-HUP", Long.toString(ProcessHandle.current().pid())).start();
    kill.waitFor(10, TimeUnit.SECONDS);
    assertEquals(0, kill.exitValue());
  }
}
