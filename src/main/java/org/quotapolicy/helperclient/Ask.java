// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.Comparator;
import java.util.function.Consumer;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.wire.Scope;

/**
 * One wish to know about a user.
 *
 * @param sequence its place among all
 * @param key what it wants to know
 * @param deadline as System.nanoTime()
 * @param sink takes the result, once
 */
record Ask(long sequence, Key key, long deadline, Consumer<LookupResult> sink) {

  /**
   * What can be asked of the helper.
   *
   * @param user name, each byte as one char
   * @param scope which filesystems it is about
   */
  record Key(String user, Scope scope) {}

  /** The first deadline first. Differences, since System.nanoTime() may overflow. */
  static final Comparator<Ask> BY_DEADLINE =
      (a, b) ->
          a.deadline == b.deadline
              ? Long.signum(a.sequence - b.sequence)
              : Long.signum(a.deadline - b.deadline);
}
