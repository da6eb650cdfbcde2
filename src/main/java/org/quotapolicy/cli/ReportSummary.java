// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;

/** What there was on a filesystem, or on all of them. */
final class ReportSummary {
  private final Map<QuotaType, QuotaState> states = new EnumMap<>(QuotaType.class);
  private final Map<QuotaType, Long> read = new EnumMap<>(QuotaType.class);
  private final long start = System.nanoTime();
  private long refused;
  private long near;
  private long problems;

  void state(QuotaType type, QuotaState state) {
    states.put(type, state);
  }

  /** What the filesystem does with this type; FAILED if that could not be told. */
  QuotaState state(QuotaType type) {
    return states.getOrDefault(type, QuotaState.FAILED);
  }

  void addRead(QuotaType type, long ids) {
    read.merge(type, ids, Long::sum);
  }

  void addRow(ReportRow row) {
    if (row.refusal() == null) {
      near++;
    } else {
      refused++;
    }
  }

  void addProblem() {
    problems++;
  }

  void add(ReportSummary part) {
    part.read.forEach(this::addRead);
    refused += part.refused;
    near += part.near;
    problems += part.problems;
  }

  /** Ids of this type whose quotas were read. */
  long read(QuotaType type) {
    return read.getOrDefault(type, 0L);
  }

  /** Ids of all types. */
  long read() {
    return read.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Ids that would be refused. */
  long refused() {
    return refused;
  }

  /** Ids near it that would not. */
  long near() {
    return near;
  }

  /** Whether everything could be read. */
  boolean isComplete() {
    return problems == 0;
  }

  Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  int exitStatus() {
    if (refused > 0) {
      return ExitStatus.FAILURE;
    }
    return isComplete() ? ExitStatus.OK : ExitStatus.COULD_NOT_TELL;
  }
}
