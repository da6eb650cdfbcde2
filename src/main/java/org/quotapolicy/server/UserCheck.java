// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.quotapolicy.helperclient.Helper;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Device;
import org.quotapolicy.mailbox.Judge;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.policy.Targets;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.wire.Scope;

/**
 * Finds out whether one user's mailboxes have room.
 *
 * <p>The helper is asked about one filesystem, mostly the right one. If a mailbox turns out to be
 * on another one, it is asked about that; if mail there belongs to another group than the
 * account's, about that; and if project quota is enforced there, about the mailbox's project; and
 * so on, up to four times for a mailbox, and for the lock file beside it. Then servers are asked
 * about those on NFS. What is known to be full ends it.
 */
final class UserCheck {
  private final Helper helper;
  private final Judge mailbox;
  private final NfsMailboxes servers;

  /** Where a mailbox was last that is not in a home: probably where the next one is. */
  private volatile Optional<Device> usual = Optional.empty();

  /** What is known about a user's mailboxes. */
  sealed interface State {

    /**
     * One has no room for the message.
     *
     * @param mailbox its path
     */
    record Full(String user, String mailbox, Refuse refuse) implements State {}

    /** All have, or there is no such user, or he is never refused. */
    record Free(String reason) implements State {}

    /** It could not be told. */
    record Unknown(Trouble trouble, String reason) implements State {}
  }

  /**
   * A question.
   *
   * @param storage where his mail is
   * @param need what the message takes in a file of its own
   * @param exemptions the groups among them are known only when the user is
   * @param deadline when to give up, as System.nanoTime()
   * @param sink takes the answer, once, on any thread; it must not wait
   */
  record Question(
      Targets.User user,
      Storage storage,
      Need need,
      Exemptions exemptions,
      long deadline,
      Consumer<State> sink) {

    private String account() {
      return storage.accountOf(user.name());
    }

    private void isUnknown(Trouble trouble, String reason) {
      sink.accept(new State.Unknown(trouble, reason));
    }

    private void isFree(String reason) {
      sink.accept(new State.Free(reason));
    }
  }

  /** A look-up under way. Not a lambda: to make one takes long as long as nothing inlines it. */
  private record Asked(UserCheck check, Question question, Known known, Scope scope)
      implements Consumer<LookupResult> {
    @Override
    public void accept(LookupResult result) {
      check.decide(question, known, Scopes.asked(scope), result);
    }
  }

  UserCheck(Helper helper, Judge mailbox, NfsMailboxes servers) {
    this.helper = helper;
    this.mailbox = mailbox;
    this.servers = servers;
  }

  /** Begins to find out, with the next {@link #flush}. Never waits. */
  void ask(Question question) {
    Storage storage = question.storage();
    Known nothing = Known.nothing(storage.files());
    Optional<Device> guess = isInHome(storage) ? Optional.empty() : usual;
    if (storage.isEverywhere()) {
      ask(question, nothing, new Scope.All());
    } else if (guess.isPresent()) {
      Unasked what = Unasked.all(guess.get());
      ask(question, nothing.guessing(what), Scopes.of(what));
    } else {
      ask(question, nothing, new Scope.Home());
    }
  }

  /** Has the helper asked what there is to ask. */
  void flush() {
    helper.flush();
  }

  /** Whether the first mailbox is. */
  private static boolean isInHome(Storage storage) {
    return storage.isEverywhere() || storage.mailboxes().get(0).isInHome();
  }

  private void ask(Question question, Known known, Scope scope) {
    helper.ask(
        question.account(), scope, question.deadline(), new Asked(this, question, known, scope));
  }

  private void decide(
      Question question, Known known, Optional<Unasked> about, LookupResult result) {
    if (result instanceof LookupResult.Found found) {
      // May wait for a disk: the helper's client knows.
      judge(question, known, about, found.quotas());
    } else if (result instanceof LookupResult.CouldNotTell unknown) {
      question.isUnknown(
          unknown.isOverload() ? Trouble.OVERLOAD : Trouble.HELPER, unknown.reason());
    } else {
      question
          .storage()
          .missing()
          .ifPresentOrElse(
              reason -> question.isUnknown(Trouble.MAILBOX, reason),
              () -> question.isFree("no such user"));
    }
  }

  private void judge(Question question, Known before, Optional<Unasked> about, UserQuotas told) {
    if (question.exemptions().coversGroup(told.gid())) {
      question.isFree("exempt");
      return;
    }
    if (question.deadline() - System.nanoTime() <= 0) {
      question.isUnknown(Trouble.OVERLOAD, "no time was left to find the mailbox");
      return;
    }
    if (before.isOther(told)) {
      question.isUnknown(Trouble.MAILBOX, "the account was changed while it was asked about");
      return;
    }
    try {
      Known known = before.and(told, about);
      decide(question, known, judge(question, known.quotas().orElseThrow()));
    } catch (RuntimeException e) {
      question.isUnknown(Trouble.MAILBOX, "judging failed: " + e);
    }
  }

  private Judgement judge(Question question, AccountQuotas quotas) {
    return Paths.of(question.storage(), question.user(), quotas.user().home())
        .judge(mailbox, quotas, question.need(), Instant.now());
  }

  private void decide(Question question, Known known, Judgement judgement) {
    remember(question.storage(), judgement);
    Optional<Unasked> next = next(known, judgement);
    if (next.isEmpty() || judgement.refusing().isPresent()) {
      askServers(question, known, judgement);
    } else if (known.mayAsk(next.get())) {
      ask(question, known.asking(next.get()), Scopes.of(next.get()));
    } else {
      question.isUnknown(
          Trouble.MAILBOX,
          "a mailbox has moved to another filesystem or project while it was asked about");
    }
  }

  private static Optional<Unasked> next(Known known, Judgement judgement) {
    for (Unasked what : judgement.unasked()) {
      if (!known.asked(what)) {
        return Optional.of(what);
      }
    }
    return Optional.empty();
  }

  private void askServers(Question question, Known known, Judgement judgement) {
    if (judgement.nfsMounts().isEmpty()) {
      answerOrLookAgain(question, known, judgement);
      return;
    }
    UserQuotas account = known.quotas().orElseThrow().user();
    servers.decide(
        new NfsMailboxes.Open(judgement, account.uid(), account.gid(), question.deadline()),
        all -> {
          answerOrLookAgain(question, known, all);
          helper.flush(); // of the next user
        });
  }

  private void remember(Storage storage, Judgement judgement) {
    if (!isInHome(storage)) {
      usual = judgement.mailboxes().stream().findFirst().flatMap(Judged::device);
    }
  }

  private void answerOrLookAgain(Question question, Known known, Judgement judgement) {
    if (SecondLook.isDue(judgement, known.refusal(), question.deadline())) {
      Judged full = judgement.refusing().orElseThrow();
      Scope scope = Scopes.of(full.again().orElseThrow());
      SecondLook.later(() -> lookAgain(question, known.with((Refuse) full.verdict()), scope));
    } else {
      question.sink().accept(state(question.user().name(), judgement));
    }
  }

  private void lookAgain(Question question, Known known, Scope scope) {
    ask(question, known, scope);
    helper.flush();
  }

  private static State state(String user, Judgement judgement) {
    Verdict verdict = judgement.verdict();
    if (verdict instanceof Refuse refuse) {
      return new State.Full(user, judgement.refusing().orElseThrow().path(), refuse);
    }
    return verdict instanceof Verdict.Unknown unknown
        ? new State.Unknown(trouble(judgement), unknown.reason())
        : new State.Free(((Accept) verdict).reason().words());
  }

  private static Trouble trouble(Judgement judgement) {
    boolean isServers = judgement.untold().flatMap(Judged::nfsMount).isPresent();
    return isServers ? Trouble.SERVER : Trouble.MAILBOX;
  }
}
