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

  /** More results wait for a disk than may. */
  static final CouldNotTell NO_DISK = new CouldNotTell("too many requests wait for a disk", true);

  /** It answers, but not what it was asked. */
  private static final CouldNotTell OTHER =
      new CouldNotTell("the helper answered another question than it was asked");

  private Results() {}

  /** What an ask about a user came to. */
  static LookupResult ofUser(Told told) {
    return told instanceof Told.Answered answered
        ? of(answered.outcome())
        : ((Told.Silent) told).why();
  }

  /** What an ask about the ids of a filesystem came to. */
  static PageResult ofPage(Told told) {
    if (told instanceof Told.Silent silent) {
      return new PageResult.CouldNotTell(silent.why().reason());
    }
    return ((Told.Answered) told).outcome() instanceof Outcome.Listed listed
        ? new PageResult.Listed(listed.page())
        : new PageResult.CouldNotTell(OTHER.reason());
  }

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
    return outcome instanceof Outcome.Busy ? BUSY : OTHER;
  }

  private static String what(Outcome.Stage stage) {
    return switch (stage) {
      case NAME_SERVICE -> "the name service could not be asked";
      case ANSWER -> "the answer does not fit into a packet";
    };
  }
}
