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
      return new CouldNotTell("the name service could not be asked: " + Errno.name(failed.errno()));
    }
    return new CouldNotTell("helper is busy: the name service does not answer");
  }
}
