// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.function.Consumer;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.wire.Scope;

/** Whom to ask about users. */
@FunctionalInterface
public interface Helper {

  /**
   * Asks for a user, with the next {@link #flush}, and never waits. Whoever asks the same at the
   * same time shares a question to the helper, unless it has been sent before.
   *
   * @param user name, each byte as one char (ISO 8859-1); one that no account can have is not sent
   * @param scope the filesystems to ask about
   * @param deadlineNanos when to give up, as System.nanoTime()
   * @param sink takes the result, exactly once: in this call, or on a thread of the client, even
   *     before this call returns. If an account was found, it may wait for a disk, else for
   *     nothing.
   */
  void ask(String user, Scope scope, long deadlineNanos, Consumer<LookupResult> sink);

  /**
   * Has what was asked sent, as soon as it is good to. Sinks need not: what is asked in them is
   * sent when they are done, or 10 ms later.
   */
  default void flush() {}
}
