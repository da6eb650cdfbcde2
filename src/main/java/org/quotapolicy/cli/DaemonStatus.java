// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.quotapolicy.helperclient.HelperState;
import org.quotapolicy.server.Statistics;
import org.quotapolicy.server.Statistics.Fault;
import org.quotapolicy.server.Trouble;

/**
 * What there is to tell about a running daemon.
 *
 * @param version of the program
 * @param pid of the daemon
 * @param statistics what it has done
 * @param helper what has become of its helpers
 * @param helperMode direct or sudo
 * @param connectionLimit most connections at once
 * @param leftAlone one line for each NFS server that is not asked for now
 * @param now the moment of asking
 */
record DaemonStatus(
    String version,
    long pid,
    Statistics statistics,
    HelperState helper,
    String helperMode,
    int connectionLimit,
    List<String> leftAlone,
    Instant now) {

  DaemonStatus {
    leftAlone = List.copyOf(leftAlone);
  }

  /** How often each trouble came, none of them too. */
  long count(Trouble trouble) {
    return statistics.couldNotTell().getOrDefault(trouble, 0L);
  }

  /** How often a fault happened, never too. */
  long count(Fault fault) {
    return statistics.faults().getOrDefault(fault, 0L);
  }

  /** The sum of counts. */
  static long total(Map<?, Long> counts) {
    return counts.values().stream().collect(Collectors.summingLong(Long::longValue));
  }

  /** The name of a constant as a value in a report. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
