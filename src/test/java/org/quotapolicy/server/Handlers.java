// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.policy.InvalidActionException;

/** Handlers for tests. */
final class Handlers {
  static final Action ON_ERROR = action("450 4.3.0 On error");

  /** Answers at once, on the server's thread. */
  static final RequestHandler ECHO = (request, reply) -> reply.reply(echo(request));

  private Handlers() {}

  /** An action that tells the recipient. */
  static Action echo(AccessPolicyRequest request) {
    return action("450 <" + request.recipient() + ">");
  }

  static Action action(String text) {
    try {
      return Action.parse(text);
    } catch (InvalidActionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static ActionTemplate template(String text) {
    try {
      return ActionTemplate.parse(text);
    } catch (InvalidActionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A request that waits for its answer. */
  record Waiting(AccessPolicyRequest request, ReplySink sink) {
    void answer() {
      sink.reply(echo(request));
    }
  }

  /** Leaves the answers to the test. */
  static final class Manual implements RequestHandler {
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> without = new LinkedBlockingQueue<>();

    @Override
    public void handle(AccessPolicyRequest request, ReplySink reply) {
      waiting.add(new Waiting(request, reply));
    }

    @Override
    public Action onError(AccessPolicyRequest request) {
      return ON_ERROR;
    }

    @Override
    public void decidedWithout(AccessPolicyRequest request, Action action, String reason) {
      without.add(action + " " + reason);
    }

    /** The next that was answered without it. */
    String takeWithout() throws InterruptedException {
      return without.take();
    }

    Waiting take() throws InterruptedException {
      return waiting.take();
    }

    boolean isEmpty() {
      return waiting.isEmpty();
    }
  }
}
