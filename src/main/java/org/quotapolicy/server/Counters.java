// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts by key, of few. Thread-safe; nobody waits. */
final class Counters<K> {
  private final Map<K, LongAdder> counts = new ConcurrentHashMap<>();

  void count(K key) {
    counts.computeIfAbsent(key, k -> new LongAdder()).increment();
  }

  Map<K, Long> read() {
    return counts.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().sum()));
  }
}
