// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.UserQuotas;

/** What the helper may say. */
public sealed interface FromHelper {

  /**
   * The helper is ready. This packet's layout never changes, so that any daemon can read any
   * helper's version.
   *
   * @param version of the packets it speaks
   * @param pid its process
   */
  record Hello(int version, int pid) implements FromHelper {}

  /** A sign of life, for the ping of that number. */
  record Pong(int number) implements FromHelper {}

  /** Answers the question of that number. */
  record Answer(int number, Outcome outcome) implements FromHelper {}

  /** How a look-up ended. */
  sealed interface Outcome {

    /** The account exists. */
    record Found(UserQuotas quotas) implements Outcome {}

    /** The name service says that there is no such account. */
    record NoUser() implements Outcome {}

    /** Nothing can be said; {@code errno} is a number of errno(3). */
    record Failed(Stage stage, int errno) implements Outcome {}

    /** Answers a {@link ToHelper.Next}. */
    record Listed(QuotaPage page) implements Outcome {}

    /** All look-up threads are waiting for the name service. */
    record Busy() implements Outcome {}

    /** What failed. */
    enum Stage {
      /** The name service could not be asked. */
      NAME_SERVICE,
      /** The answer would not fit into a packet. */
      ANSWER
    }
  }
}
