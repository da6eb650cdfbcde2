// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;

/** Decides about access policy requests. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Begins to decide. Called on the server's only thread, so it must not wait for anything.
   *
   * @param reply takes the decision, now or later, on any thread
   */
  void handle(AccessPolicyRequest request, ReplySink reply);

  /** All requests that had come are handed over: what they have in common can be done now. */
  default void handled() {}

  /** The answer if there is no decision in time, or none at all. */
  default Action onError(AccessPolicyRequest request) {
    return Action.DUNNO;
  }

  /**
   * A request was answered without a decision of this handler. Called on any thread; must not wait.
   *
   * @param reason one of few texts
   */
  default void decidedWithout(AccessPolicyRequest request, Action action, String reason) {}
}
