// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.Comparator;
import java.util.function.Consumer;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;

/**
 * One look-up that was asked for.
 *
 * @param sequence its place among all
 * @param user name, each byte as one char
 * @param deadline as System.nanoTime()
 * @param sink takes the result, once
 */
record Ask(long sequence, String user, long deadline, Consumer<LookupResult> sink) {

  /** The first deadline first. Differences, since System.nanoTime() may overflow. */
  static final Comparator<Ask> BY_DEADLINE =
      (a, b) ->
          a.deadline == b.deadline
              ? Long.signum(a.sequence - b.sequence)
              : Long.signum(a.deadline - b.deadline);

  void couldNotTell(String reason) {
    sink.accept(new CouldNotTell(reason));
  }
}
