// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.quotapolicy.helperclient.Helper;
import org.quotapolicy.mailbox.Judge;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.wire.Scope;

/**
 * Finds out whether one user's mailbox is full.
 *
 * <p>The helper is asked about the filesystem that the home's name lies on. If the home turns out
 * to be on another one, by way of symbolic links, it is asked once more, about that one; and if
 * project quota is enforced there, about the project that the mailbox turns out to belong to.
 */
final class UserCheck {
  private final Helper helper;
  private final Judge mailbox;
  private final DiskThreads threads = new DiskThreads();

  /** Kinds of reasons why it could not be told: each is a matter of its own to an administrator. */
  enum Trouble {
    /** The helper, or the name service that it asks, is away, busy or slow. */
    HELPER,
    /** Where the home is or what the quotas there are. */
    MAILBOX,
    /** Too many requests at once. */
    OVERLOAD,
    /** Whom the recipient means. */
    ALIASES
  }

  /** What is known about a mailbox. */
  sealed interface State {

    /** It has no room for the message. */
    record Full(String user, Refuse refuse) implements State {}

    /** It has, or there is no such user, or he is never refused. */
    record Free(String reason) implements State {}

    /** It could not be told. */
    record Unknown(Trouble trouble, String reason) implements State {}
  }

  /**
   * A question, until it is answered.
   *
   * @param exemptions the groups among them are known only when the user is
   * @param deadline when to give up, as System.nanoTime()
   * @param refusal what the look before came to, if there was one
   * @param sink takes the answer, once, on any thread; it must not wait
   */
  record Question(
      String user,
      Need need,
      Exemptions exemptions,
      long deadline,
      Optional<Refuse> refusal,
      Consumer<State> sink) {
    Question(String user, Need need, Exemptions exemptions, long deadline, Consumer<State> sink) {
      this(user, need, exemptions, deadline, Optional.empty(), sink);
    }

    private Question after(Judgement judgement) {
      Optional<Refuse> refuse = Optional.of((Refuse) judgement.verdict());
      return new Question(user, need, exemptions, deadline, refuse, sink);
    }

    private void isUnknown(Trouble trouble, String reason) {
      sink.accept(new State.Unknown(trouble, reason));
    }

    private void isFree(String reason) {
      sink.accept(new State.Free(reason));
    }
  }

  UserCheck(Helper helper, Judge mailbox) {
    this.helper = helper;
    this.mailbox = mailbox;
  }

  /** Begins to find out. Never waits. */
  void ask(Question question) {
    ask(question, Optional.empty());
  }

  private void ask(Question question, Optional<Unasked> what) {
    Scope scope = what.map(UserCheck::scope).orElse(new Scope.Home());
    helper.ask(
        question.user(), scope, question.deadline(), result -> decide(question, what, result));
  }

  private static Scope scope(Unasked what) {
    return new Scope.Device(what.device().major(), what.device().minor(), what.project());
  }

  private void decide(Question question, Optional<Unasked> asked, LookupResult result) {
    if (result instanceof LookupResult.Found found) {
      // Not here: this thread takes in all that the helper says.
      if (!threads.run(() -> judge(question, asked, found.quotas()))) {
        question.isUnknown(Trouble.OVERLOAD, "too many requests wait for a disk");
      }
    } else if (result instanceof LookupResult.CouldNotTell unknown) {
      question.isUnknown(
          unknown.isOverload() ? Trouble.OVERLOAD : Trouble.HELPER, unknown.reason());
    } else {
      question.isFree("no such user");
    }
  }

  private void judge(Question question, Optional<Unasked> asked, UserQuotas quotas) {
    if (question.exemptions().coversGroup(quotas.gid())) {
      question.isFree("exempt");
      return;
    }
    if (question.deadline() - System.nanoTime() <= 0) {
      question.isUnknown(Trouble.OVERLOAD, "no time was left to find the home directory");
      return;
    }
    try {
      decide(question, asked, mailbox.judge(quotas, question.need(), Instant.now()));
    } catch (RuntimeException e) {
      question.isUnknown(Trouble.MAILBOX, "judging failed: " + e);
    }
  }

  private void decide(Question question, Optional<Unasked> asked, Judgement judgement) {
    Optional<Unasked> unasked = judgement.unasked();
    if (unasked.isEmpty() || unasked.equals(asked)) {
      answerOrLookAgain(question, asked, judgement);
    } else if (asked.isEmpty() || unasked.get().follows(asked.get())) {
      ask(question, unasked);
    } else {
      question.isUnknown(
          Trouble.MAILBOX, "home has moved to another filesystem while it was asked about");
    }
  }

  private void answerOrLookAgain(Question question, Optional<Unasked> asked, Judgement judgement) {
    if (SecondLook.isDue(judgement, question.refusal(), question.deadline())) {
      SecondLook.later(() -> ask(question.after(judgement), asked));
    } else {
      question.sink().accept(state(question.user(), judgement.verdict()));
    }
  }

  private static State state(String user, Verdict verdict) {
    if (verdict instanceof Refuse refuse) {
      return new State.Full(user, refuse);
    }
    return verdict instanceof Verdict.Unknown unknown
        ? new State.Unknown(Trouble.MAILBOX, unknown.reason())
        : new State.Free(((Accept) verdict).reason().words());
  }
}
