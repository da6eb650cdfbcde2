// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import org.quotapolicy.kernel.Errno;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.LookupResult.NoSuchUser;
import org.quotapolicy.wire.FromHelper.Outcome;

/** What the outcomes of a look-up mean. */
public final class Results {
  /** Too many look-ups hang in the name service. */
  static final CouldNotTell BUSY =
      new CouldNotTell("helper is busy: the name service does not answer");

  /** More look-ups wait for their answers than may. */
  static final CouldNotTell TOO_MANY = new CouldNotTell("too many look-ups under way", true);

  private Results() {}

  /** The result that an outcome stands for, with its reason in words. */
  public static LookupResult of(Outcome outcome) {
    if (outcome instanceof Outcome.Found found) {
      return new Found(found.quotas());
    }
    if (outcome instanceof Outcome.NoUser) {
      return new NoSuchUser();
    }
    if (outcome instanceof Outcome.Failed failed) {
      return new CouldNotTell(what(failed.stage()) + ": " + Errno.name(failed.errno()));
    }
    return BUSY;
  }

  private static String what(Outcome.Stage stage) {
    return switch (stage) {
      case NAME_SERVICE -> "the name service could not be asked";
      case ANSWER -> "the answer does not fit into a packet";
    };
  }
}
