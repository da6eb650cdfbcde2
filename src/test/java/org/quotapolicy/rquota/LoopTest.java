// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {

  @Test
  void task_endsInAnError_nextOneIsRun() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    CountDownLatch ran = new CountDownLatch(1);
    try (Loop loop = Loop.start(warnings::add, Loop::thread)) {
      loop.execute(
          () -> {
            throw new AssertionError("as intended");
          });
      loop.execute(ran::countDown);
      assertTrue(ran.await(20, TimeUnit.SECONDS));
    }
    assertEquals(List.of("asking NFS servers: java.lang.AssertionError: as intended"), warnings);
  }
}
