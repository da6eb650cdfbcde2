// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaType;

class AnswerCacheTest {
  private static final Outcome.Told TOLD = new Outcome.Told(Quota.off(QuotaType.USER, 1));

  private static Question.Key key(int id) {
    return new Question.Key(FakeServer.address(), "/home", true, QuotaType.USER, id);
  }

  @Test
  void get_withinItsLife_isTheAnswer() {
    AnswerCache cache = new AnswerCache(Duration.ofNanos(100));
    cache.put(key(1), TOLD, 50);

    assertEquals(TOLD, cache.get(key(1), 149));
    assertNull(cache.get(key(2), 149));
    assertNull(cache.get(key(1), 150));
    assertEquals(0, cache.size());
  }

  @Test
  void put_lifeOfNothing_isNotKept() {
    AnswerCache cache = new AnswerCache(Duration.ZERO);
    cache.put(key(1), TOLD, 50);

    assertEquals(0, cache.size());
  }

  @Test
  void put_tooMany_dropsTheOldest() {
    AnswerCache cache = new AnswerCache(Duration.ofNanos(100));
    for (int id = 0; id < AnswerCache.MOST; id++) {
      cache.put(key(id), TOLD, 50);
    }
    cache.put(key(0), TOLD, 60);
    cache.put(key(-1), TOLD, 60);

    assertEquals(AnswerCache.MOST, cache.size());
    assertEquals(TOLD, cache.get(key(0), 60));
    assertNull(cache.get(key(1), 60));
  }
}
