// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.stream.Collectors;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;

/** Hands requests to the handler, and answers where it does not. */
final class Dispatcher {
  private final RequestHandler handler;
  private final Statistics statistics;
  private final Log log;

  Dispatcher(RequestHandler handler, Statistics statistics, Log log) {
    this.handler = handler;
    this.statistics = statistics;
    this.log = log;
  }

  /** Hands a request over, if a decision can be made from it. */
  void dispatch(Exchange exchange) {
    statistics.requested();
    AccessPolicyRequest request = exchange.request();
    for (AccessPolicyRequest.Flaw flaw : request.flaws()) {
      warn(flaw.name(), exchange, flaw.description());
    }
    if (request.isUsable()) {
      handle(exchange);
    } else {
      exchange.reply(Action.DUNNO);
      handler.decidedWithout(request, Action.DUNNO, flaws(request));
    }
  }

  private void handle(Exchange exchange) {
    try {
      handler.handle(exchange.request(), exchange);
    } catch (RuntimeException | StackOverflowError e) {
      giveUp(exchange, Trouble.HANDLER, ": " + e);
    }
  }

  /** Says that all that could be handed over now is. */
  void finish() {
    handler.handled();
  }

  /** Gives the on-error action. */
  void giveUp(Exchange exchange, Trouble trouble) {
    giveUp(exchange, trouble, "");
  }

  private void giveUp(Exchange exchange, Trouble trouble, String detail) {
    String reason = trouble.words();
    Action action = handler.onError(exchange.request());
    if (exchange.reply(action)) {
      statistics.couldNotTell(trouble);
      warn(reason, exchange, reason + detail + ", answered " + action);
      handler.decidedWithout(exchange.request(), action, reason);
    }
  }

  private static String flaws(AccessPolicyRequest request) {
    return request.flaws().stream()
        .map(AccessPolicyRequest.Flaw::description)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private void warn(String trouble, Exchange exchange, String text) {
    AccessPolicyRequest request = exchange.request();
    log.limited(
        trouble,
        String.format(
            "%s: queue_id=%s instance=%s recipient=<%s>",
            text,
            Log.value(request.queueId()),
            Log.value(request.instance()),
            Log.value(request.recipient())));
  }
}
