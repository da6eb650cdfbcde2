// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.rquota.Outcome.Told;

/**
 * The latest answers, for a short while: a burst of mail to one user costs one question. Only what
 * servers said is kept, never that they said nothing. Not safe for threads.
 */
final class AnswerCache {
  /** Some hundreds of bytes each. */
  static final int MOST = 4_096;

  private final long life;
  private final Map<Question.Key, Entry> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question.Key, Entry> eldest) {
          return size() > MOST;
        }
      };

  private record Entry(Told answer, long asked) {}

  AnswerCache(Duration life) {
    this.life = life.toNanos();
  }

  /** An answer that is not too old; null if there is none. */
  @Nullable Told get(Question.Key key, long now) {
    Entry entry = entries.get(key);
    if (entry == null || now - entry.asked() < life) {
      return entry == null ? null : entry.answer();
    }
    entries.remove(key);
    return null;
  }

  /**
   * Keeps an answer.
   *
   * @param asked when the question was sent: the numbers are not older
   */
  void put(Question.Key key, Told answer, long asked) {
    if (life > 0) {
      entries.remove(key); // or it would keep its old place
      entries.put(key, new Entry(answer, asked));
    }
  }

  int size() {
    return entries.size();
  }
}
