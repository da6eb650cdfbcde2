// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The look-ups that are owed a result, and which of them the helper has not been sent.
 *
 * <p>Whoever takes an ask out owes it the result: so it gets exactly one. Not safe for threads.
 */
final class Asks {
  private final TreeSet<Ask> open = new TreeSet<>(Ask.BY_DEADLINE);
  private final Set<Ask> unsent = new LinkedHashSet<>();

  int size() {
    return open.size();
  }

  void add(Ask ask) {
    open.add(ask);
    unsent.add(ask);
  }

  /** Takes an ask out; false if somebody did before. */
  boolean take(Ask ask) {
    unsent.remove(ask);
    return open.remove(ask);
  }

  List<Ask> takeAll() {
    List<Ask> all = List.copyOf(open);
    all.forEach(this::take);
    return all;
  }

  /** Takes those out whose deadline has come. */
  List<Ask> takeExpired(long now) {
    List<Ask> expired = new ArrayList<>();
    while (!open.isEmpty() && open.first().deadline() - now <= 0) {
      expired.add(open.first());
      take(open.first());
    }
    return expired;
  }

  OptionalLong nextDeadline() {
    return open.isEmpty() ? OptionalLong.empty() : OptionalLong.of(open.first().deadline());
  }

  /** Offers the unsent ones, the oldest first, until one is not taken. */
  void sendWhile(Predicate<Ask> send) {
    Iterator<Ask> next = unsent.iterator();
    while (next.hasNext() && send.test(next.next())) {
      next.remove();
    }
  }

  /** The helper is gone: whatever is open must be sent to the next one. */
  void unsend() {
    unsent.clear();
    unsent.addAll(open);
  }
}
