// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import org.quotapolicy.policy.Action;

/** Takes the answer to one request. */
@FunctionalInterface
public interface ReplySink {

  /**
   * Answers. Never waits, and may be called on any thread; only the first answer counts, and none
   * does once the time for it is over or the peer is gone.
   *
   * @return whether this one counts
   */
  boolean reply(Action action);
}
