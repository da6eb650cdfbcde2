// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Locale;

/** Kinds of reasons why it could not be told: each is a matter of its own to an administrator. */
public enum Trouble {
  /** The helper, or the name service that it asks, is away, busy or slow. */
  HELPER("the helper did not tell"),
  /** Where the home is or what the quotas there are. */
  MAILBOX("the mailbox is out of sight"),
  /** An NFS server does not answer, or refuses to. */
  SERVER("the NFS server does not tell"),
  /** Too many requests at once. */
  OVERLOAD("too many requests"),
  /** Whom the recipient means. */
  ALIASES("aliases are not known"),
  /** The time for the answer was over. */
  TIME("no decision in time"),
  /** A mistake in this program. */
  HANDLER("handler failed"),
  /** The daemon is about to end. */
  STOPPING("stopping");

  private final String words;

  Trouble(String words) {
    this.words = words;
  }

  /** It in a sentence, for people. */
  String words() {
    return words;
  }

  /** Its name as a value in a report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
