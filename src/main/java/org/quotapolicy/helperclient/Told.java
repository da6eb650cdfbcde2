// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.wire.FromHelper.Outcome;

/** What comes of an ask. */
sealed interface Told {

  /** The helper answered. */
  record Answered(Outcome outcome) implements Told {}

  /** It did not, or could not be asked. */
  record Silent(CouldNotTell why) implements Told {}
}
