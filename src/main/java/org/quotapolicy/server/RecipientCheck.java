// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Refuse;

/** Decides by the quotas of the recipient: the whole way from a request to its action. */
public final class RecipientCheck implements RequestHandler {
  private final HelperClient helper;
  private final Mailbox mailbox;
  private final RecipientDelimiter delimiter;
  private final Answers answers;
  private final Log log;

  /**
   * The answers to give.
   *
   * @param overQuota when the recipient's quota is full
   * @param onError when it could not be told
   * @param timeLimit for the helper's answer; less than the server's own, which is for the rest
   * @param debug whether each decision is logged
   */
  public record Answers(Action overQuota, Action onError, Duration timeLimit, boolean debug) {}

  /** A check that asks this helper about its recipients. */
  public RecipientCheck(
      HelperClient helper,
      Mailbox mailbox,
      RecipientDelimiter delimiter,
      Answers answers,
      Log log) {
    this.helper = helper;
    this.mailbox = mailbox;
    this.delimiter = delimiter;
    this.answers = answers;
    this.log = log;
  }

  @Override
  public Action onError() {
    return answers.onError();
  }

  @Override
  public void handle(AccessPolicyRequest request, ReplySink reply) {
    if (!request.flaws().isEmpty()) {
      log.limited("flaw", "request with flaws: " + request.flaws() + ", " + describe(request));
    }
    Optional<String> user =
        request.isUsable() ? delimiter.localUser(request.recipient()) : Optional.empty();
    if (user.isEmpty()) {
      answer(request, reply, Action.DUNNO, "nobody to ask about");
      return;
    }
    long deadline = System.nanoTime() + answers.timeLimit().toNanos();
    helper.ask(user.get(), deadline, result -> decide(request, reply, user.get(), result));
  }

  private void decide(
      AccessPolicyRequest request, ReplySink reply, String user, LookupResult result) {
    if (result instanceof LookupResult.Found found) {
      Need need = Need.ofMessage(request.size());
      answer(request, reply, user, mailbox.judge(found.quotas(), need, Instant.now()).verdict());
    } else if (result instanceof LookupResult.CouldNotTell unknown) {
      couldNotTell(request, reply, unknown.reason());
    } else {
      answer(request, reply, Action.DUNNO, "no such user");
    }
  }

  private void answer(AccessPolicyRequest request, ReplySink reply, String user, Verdict verdict) {
    if (verdict instanceof Refuse refuse) {
      reply.reply(answers.overQuota());
      log.info("over quota: " + describe(request) + describe(user, refuse));
    } else if (verdict instanceof Verdict.Unknown unknown) {
      couldNotTell(request, reply, unknown.reason());
    } else {
      answer(request, reply, Action.DUNNO, verdict.toString());
    }
  }

  private void couldNotTell(AccessPolicyRequest request, ReplySink reply, String reason) {
    reply.reply(answers.onError());
    log.limited("unknown", "could not tell: " + describe(request) + " reason=\"" + reason + "\"");
  }

  private void answer(AccessPolicyRequest request, ReplySink reply, Action action, String reason) {
    reply.reply(action);
    if (answers.debug()) {
      log.info(
          "decided: " + describe(request) + " action=" + action + " reason=\"" + reason + "\"");
    }
  }

  private static String describe(AccessPolicyRequest request) {
    return "state=%s recipient=<%s> size=%s instance=%s queue_id=%s"
        .formatted(
            request.protocolState(),
            request.recipient(),
            Long.toUnsignedString(request.size()),
            request.instance(),
            request.queueId());
  }

  private static String describe(String user, Refuse refuse) {
    String resource = refuse.resource() == Resource.SPACE ? "bytes" : "inodes";
    boolean hard = refuse.cause() == Refuse.Cause.HARD_LIMIT;
    return " user=%s quota=%s:%d %s=%s %s=%s need=%s cause=%s"
        .formatted(
            user,
            refuse.type().word(),
            refuse.id(),
            "used_" + resource,
            Long.toUnsignedString(refuse.numbers().usage()),
            hard ? "hard_limit" : "soft_limit",
            Long.toUnsignedString(
                hard ? refuse.numbers().hardLimit() : refuse.numbers().softLimit()),
            Long.toUnsignedString(refuse.need()),
            refuse.cause().name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }
}
