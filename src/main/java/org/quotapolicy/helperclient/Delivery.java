// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import org.quotapolicy.wire.FromHelper.Outcome;

/** A result, and the ask that is due it. */
record Delivery(Ask ask, Told told) {

  /** Whether whoever takes it may look at a disk: only for an account that there is. */
  boolean mayBlock() {
    return told instanceof Told.Answered answered && answered.outcome() instanceof Outcome.Found;
  }

  /** The same ask, which can be served no more. */
  Delivery tooMany() {
    return new Delivery(ask, new Told.Silent(Results.NO_DISK));
  }
}
