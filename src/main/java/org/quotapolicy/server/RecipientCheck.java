// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.quotapolicy.helperclient.Helper;
import org.quotapolicy.mailbox.Device;
import org.quotapolicy.mailbox.Judge;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.wire.Scope;

/**
 * Decides by the quotas of the recipient: the whole way from a request to its action.
 *
 * <p>The helper is asked about the filesystem that the home's name lies on. If the home turns out
 * to be on another one, by way of symbolic links, it is asked once more, about that one.
 */
public final class RecipientCheck implements RequestHandler {
  private final Helper helper;
  private final Judge mailbox;
  private final RecipientDelimiter delimiter;
  private final Answers answers;
  private final Log log;
  private final DiskThreads threads = new DiskThreads();

  /**
   * The answers to give.
   *
   * @param overQuota when the recipient's quota is full
   * @param onError when it could not be told
   * @param timeLimit for the helper's answers; less than the server's own, which is for the rest
   * @param debug whether each decision is logged
   */
  public record Answers(Action overQuota, Action onError, Duration timeLimit, boolean debug) {}

  /**
   * A request, until it has its answer.
   *
   * @param refusal what the look before came to, if there was one
   */
  private record Case(
      AccessPolicyRequest request,
      ReplySink reply,
      String user,
      long deadline,
      Optional<Refuse> refusal) {
    Case after(Judgement judgement) {
      return new Case(request, reply, user, deadline, Optional.of((Refuse) judgement.verdict()));
    }
  }

  /** A check that asks this helper about its recipients. */
  public RecipientCheck(
      Helper helper, Judge mailbox, RecipientDelimiter delimiter, Answers answers, Log log) {
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
    Optional<String> user =
        request.isUsable() ? delimiter.localUser(request.recipient()) : Optional.empty();
    long deadline = System.nanoTime() + answers.timeLimit().toNanos();
    Case one = new Case(request, reply, user.orElse(""), deadline, Optional.empty());
    if (user.isEmpty()) {
      pass(one, "nobody to ask about");
    } else {
      ask(one, Optional.empty());
    }
  }

  private void ask(Case one, Optional<Device> device) {
    Scope scope =
        device.<Scope>map(d -> new Scope.Device(d.major(), d.minor())).orElse(new Scope.Home());
    helper.ask(one.user(), scope, one.deadline(), result -> decide(one, device, result));
  }

  private void decide(Case one, Optional<Device> asked, LookupResult result) {
    if (result instanceof LookupResult.Found found) {
      // Not here: this thread takes in all that the helper says.
      if (!threads.run(() -> judge(one, asked, found.quotas()))) {
        couldNotTell(one, "too many requests wait for a disk");
      }
    } else if (result instanceof LookupResult.CouldNotTell unknown) {
      couldNotTell(one, unknown.reason());
    } else {
      pass(one, "no such user");
    }
  }

  private void judge(Case one, Optional<Device> asked, UserQuotas quotas) {
    if (one.deadline() - System.nanoTime() <= 0) {
      couldNotTell(one, "no time was left to find the home directory");
      return;
    }
    try {
      Need need = Need.ofMessage(one.request().size());
      decide(one, asked, mailbox.judge(quotas, need, Instant.now()));
    } catch (RuntimeException e) {
      couldNotTell(one, "judging failed: " + e);
    }
  }

  private void decide(Case one, Optional<Device> asked, Judgement judgement) {
    Optional<Device> unasked = judgement.unasked();
    if (unasked.isEmpty() || unasked.equals(asked)) {
      answerOrLookAgain(one, asked, judgement);
    } else if (asked.isEmpty()) {
      ask(one, unasked);
    } else {
      couldNotTell(one, "home has moved to another filesystem while it was asked about");
    }
  }

  private void answerOrLookAgain(Case one, Optional<Device> asked, Judgement judgement) {
    if (SecondLook.isDue(judgement, one.refusal(), one.deadline())) {
      SecondLook.later(() -> ask(one.after(judgement), asked));
    } else {
      answer(one, judgement.verdict());
    }
  }

  private void answer(Case one, Verdict verdict) {
    if (verdict instanceof Refuse refuse) {
      one.reply().reply(answers.overQuota());
      log.info("over quota: " + describe(one.request()) + describe(one.user(), refuse));
    } else if (verdict instanceof Verdict.Unknown unknown) {
      couldNotTell(one, unknown.reason());
    } else {
      pass(one, ((Accept) verdict).reason().words());
    }
  }

  private void couldNotTell(Case one, String reason) {
    one.reply().reply(answers.onError());
    log.limited(
        "unknown", "could not tell: " + describe(one.request()) + " reason=\"" + reason + "\"");
  }

  private void pass(Case one, String reason) {
    one.reply().reply(Action.DUNNO);
    if (answers.debug()) {
      log.info("decided: " + describe(one.request()) + " action=DUNNO reason=\"" + reason + "\"");
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
