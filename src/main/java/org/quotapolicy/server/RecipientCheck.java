// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.helperclient.Helper;
import org.quotapolicy.mailbox.Judge;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.Recipients;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.policy.Targets;
import org.quotapolicy.server.UserCheck.State;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * Decides by the quotas of those whom the recipient means: the whole way from a request to its
 * action.
 *
 * <p>Mail is refused only if every one of them is full. They are asked for one after the other, and
 * the first who can take it ends it.
 */
public final class RecipientCheck implements RequestHandler {
  private static final State NO_TIME =
      new State.Unknown(Trouble.OVERLOAD, "no time was left to ask about all users");

  private final UserCheck users;
  private final Duration timeLimit;
  private final Statistics statistics;
  private final Log log;
  private volatile Rules rules;

  /**
   * A request, until it has its answer.
   *
   * @param full the first user found to be full
   * @param unknown why it could not be told for some user
   */
  private record Case(
      AccessPolicyRequest request,
      ReplySink reply,
      Rules rules,
      List<Targets.User> users,
      long deadline,
      Optional<State.Full> full,
      Optional<State.Unknown> unknown) {

    private Case of(List<Targets.User> targets) {
      return new Case(request, reply, rules, targets, deadline, full, unknown);
    }

    private Case with(State state) {
      Optional<State.Full> nowFull =
          state instanceof State.Full first ? full.or(() -> Optional.of(first)) : full;
      Optional<State.Unknown> nowUnknown =
          state instanceof State.Unknown now ? Optional.of(now) : unknown;
      return new Case(request, reply, rules, users, deadline, nowFull, nowUnknown);
    }
  }

  /**
   * Takes what was found out about a user: within the call that asks, for whoever asks; later, on
   * any thread, to go on with it.
   */
  private static final class Taker implements Consumer<State> {
    private final RecipientCheck check;
    private final Case one;
    private final int index;
    private @Nullable State early;
    private boolean isLater;

    Taker(RecipientCheck check, Case one, int index) {
      this.check = check;
      this.one = one;
      this.index = index;
    }

    @Override
    public void accept(State state) {
      if (!isEarly(state)) {
        check.take(one, index, state);
      }
    }

    private synchronized boolean isEarly(State state) {
      early = state;
      return !isLater;
    }

    /** What came until now; if nothing did, it is for whatever thread it comes on. */
    synchronized @Nullable State takeEarly() {
      isLater = early == null;
      return early;
    }
  }

  /**
   * A check that asks this helper about users.
   *
   * @param servers are asked about mailboxes on NFS
   * @param timeLimit for the helper's answers; less than the server's own, which is for the rest
   */
  public RecipientCheck(
      Helper helper,
      Judge mailbox,
      NfsMailboxes servers,
      Rules rules,
      Duration timeLimit,
      Statistics statistics,
      Log log) {
    this.users = new UserCheck(helper, mailbox, servers);
    this.rules = rules;
    this.timeLimit = timeLimit;
    this.statistics = statistics;
    this.log = log;
  }

  /** What it goes by. */
  public Rules rules() {
    return rules;
  }

  /** Goes by other rules from now on; requests under way keep theirs. */
  public void use(Rules others) {
    rules = others;
  }

  @Override
  public Action onError(AccessPolicyRequest request) {
    return action(rules, rules.answers().onError(), request);
  }

  @Override
  public void handle(AccessPolicyRequest request, ReplySink reply) {
    Rules now = rules;
    Case one = begin(request, reply, now);
    Optional<Recipients> recipients = now.recipients();
    if (!request.isUsable() || request.recipient().isEmpty()) {
      pass(one, "nobody to ask about");
    } else if (recipients.isEmpty()) {
      couldNotTell(one, new State.Unknown(Trouble.ALIASES, "alias files could not be read yet"));
    } else {
      ask(one, recipients.get().of(request.recipient()));
    }
  }

  @Override
  public void handled() {
    users.flush();
  }

  private void ask(Case one, Targets targets) {
    if (targets instanceof Targets.Users known) {
      askFrom(one.of(known.users()), 0);
    } else {
      pass(one, ((Targets.Elsewhere) targets).reason());
    }
  }

  private Case begin(AccessPolicyRequest request, ReplySink reply, Rules now) {
    long deadline = System.nanoTime() + timeLimit.toNanos();
    return new Case(request, reply, now, List.of(), deadline, Optional.empty(), Optional.empty());
  }

  /** A loop, since a helper that is gone answers for each user at once. */
  private void askFrom(Case begun, int first) {
    Case one = begun;
    for (int i = first; i < one.users().size(); i++) {
      State state = i > 0 && isOver(one) ? NO_TIME : ask(one, i);
      if (state == null || passes(one, state)) {
        return;
      }
      one = one.with(state);
    }
    decide(one);
  }

  private static boolean isOver(Case one) {
    return one.deadline() - System.nanoTime() <= 0;
  }

  /** What is known of a user; null = that comes later, and goes on by itself. */
  private @Nullable State ask(Case one, int index) {
    Taker taker = new Taker(this, one, index);
    users.ask(
        new UserCheck.Question(
            one.users().get(index),
            one.rules().storage(),
            Need.ofMessage(one.request().size()).plus(one.rules().reserve()),
            one.rules().exemptions(),
            one.deadline(),
            taker));
    return taker.takeEarly();
  }

  private void take(Case one, int index, State state) {
    if (!passes(one, state)) {
      askFrom(one.with(state), index + 1);
    }
  }

  /** Who can take the message ends it; whether he can. */
  private boolean passes(Case one, State state) {
    if (state instanceof State.Free free) {
      pass(one, free.reason());
    }
    return state instanceof State.Free;
  }

  /** Nobody can take the message, as far as is known. */
  private void decide(Case one) {
    if (one.unknown().isPresent()) {
      couldNotTell(one, one.unknown().get());
    } else {
      refuse(one, one.full().orElseThrow());
    }
  }

  private void refuse(Case one, State.Full full) {
    ActionTemplate template = template(one.rules().answers(), full.refuse());
    if (!one.reply().reply(action(one.rules(), template, one.request()))) {
      return;
    }
    statistics.refused(full.refuse());
    log.info(
        "over quota: "
            + describe(one.request())
            + describe(full, one.rules())
            + (one.users().size() > 1 ? " users=" + one.users().size() : "")
            + chosen(one.rules(), template));
  }

  /** What is answered to a refusal, as it was configured. */
  public static ActionTemplate template(Answers answers, Refuse refuse) {
    if (refuse.isTooLarge()) {
      return answers.tooLarge();
    }
    return refuse.resource() == Resource.SPACE ? answers.overQuota() : answers.overInodeQuota();
  }

  /** With debug each is told; a warning of each kind of trouble comes now and then in any case. */
  private void couldNotTell(Case one, State.Unknown unknown) {
    ActionTemplate template = one.rules().answers().onError();
    if (!one.reply().reply(action(one.rules(), template, one.request()))) {
      return;
    }
    statistics.couldNotTell(unknown.trouble());
    log.limited(
        "could not tell: " + unknown.trouble(),
        "could not tell: "
            + describe(one.request())
            + " reason=\""
            + quoted(unknown.reason())
            + "\""
            + chosen(one.rules(), template));
    decided(one.rules(), one.request(), chosen(one.rules(), template), unknown.reason());
  }

  private void pass(Case one, String reason) {
    if (one.reply().reply(Action.DUNNO)) {
      decided(one.rules(), one.request(), " action=DUNNO", reason);
    }
  }

  @Override
  public void decidedWithout(AccessPolicyRequest request, Action action, String reason) {
    decided(rules, request, " action=" + keyword(action.toString()), reason);
  }

  private void decided(Rules now, AccessPolicyRequest request, String action, String reason) {
    if (now.answers().debug()) {
      log.info("decided: " + describe(request) + action + " reason=\"" + quoted(reason) + "\"");
    }
  }

  private static Action action(Rules rules, ActionTemplate template, AccessPolicyRequest request) {
    return rules.answers().dryRun() ? Action.DUNNO : template.actionFor(request.recipient());
  }

  /** The first word of the action, and whether it was really given. */
  private static String chosen(Rules now, ActionTemplate template) {
    return " action="
        + keyword(template.toString())
        + (now.answers().dryRun() ? " dry_run=yes" : "");
  }

  private static String keyword(String action) {
    return action.split(" ", 2)[0];
  }

  private static String describe(AccessPolicyRequest request) {
    return "state=%s recipient=<%s> size=%s instance=%s queue_id=%s"
        .formatted(
            Log.value(request.protocolState()),
            Log.value(request.recipient()),
            Long.toUnsignedString(request.size()),
            Log.value(request.instance()),
            Log.value(request.queueId()));
  }

  /** A reason can hold a path, and that what a client sent. */
  private static String quoted(String reason) {
    return reason.replace("\"", "\\x22");
  }

  private static String describe(State.Full full, Rules rules) {
    boolean isUsual = rules.storage().mailboxes().equals(Storage.HOME.mailboxes());
    return describe(full.user(), full.refuse())
        + (isUsual ? "" : " mailbox=" + Log.value(full.mailbox()));
  }

  private static String describe(String user, Refuse refuse) {
    String resource = refuse.resource() == Resource.SPACE ? "bytes" : "inodes";
    boolean hard = refuse.cause() == Refuse.Cause.HARD_LIMIT;
    return " user=%s quota=%s:%d %s=%s %s=%s need=%s cause=%s"
        .formatted(
            Log.value(user),
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
