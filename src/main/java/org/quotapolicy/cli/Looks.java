// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.policy.Targets;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.rquota.RquotaClient;
import org.quotapolicy.server.NfsMailboxes;
import org.quotapolicy.server.Paths;
import org.quotapolicy.server.Scopes;
import org.quotapolicy.server.SecondLook;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.wire.Scope;

/**
 * What check makes of the numbers of one user, as the daemon would: a refusal is looked at again,
 * and a group or a project asked about.
 */
final class Looks {
  private final Targets.User user;
  private final Need need;
  private final DaemonConfig rules;
  private final long deadline;
  private final Set<Unasked> asked = new HashSet<>();
  private @Nullable Mailbox mailbox;
  private @Nullable Storage storage;
  private @Nullable AccountQuotas account;
  private @Nullable Judgement judgement;

  /** What was asked last; null before there was a question about one filesystem. */
  private @Nullable Unasked question;

  /**
   * No look yet.
   *
   * @param name of a user, or an address where it takes one to tell where mail is stored
   * @param need what the message takes in a file of its own
   * @param rules what the daemon goes by
   * @param timeout for everything together
   */
  Looks(String name, Need need, DaemonConfig rules, Duration timeout) {
    this.user = rules.storage().isByAddress() ? Targets.User.of(name) : new Targets.User(name, "");
    this.need = need;
    this.rules = rules;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /** Who is to be asked for. */
  String account() {
    return rules.storage().accountOf(user.name());
  }

  /** Why it cannot be told if there is no such account; empty if that is an answer. */
  Optional<String> missing() {
    return rules.storage().missing();
  }

  /** Judges by all that was told; says what else to ask about, or about what once more. */
  Optional<Scope> next(LookupResult told) {
    if (!(told instanceof Found found)) {
      return Optional.empty();
    }
    Optional<Refuse> before = refusal();
    AccountQuotas known =
        account == null || question == null
            ? AccountQuotas.of(found.quotas())
            : account.and(found.quotas(), question);
    account = known;
    judgement = judge(known);
    Optional<Unasked> next = next(judgement, before);
    next.ifPresent(what -> question = what);
    return next.map(Scopes::of);
  }

  private Optional<Unasked> next(Judgement now, Optional<Refuse> before) {
    if (now.refusing().isEmpty()) {
      return now.unasked().stream().filter(Unasked::isFurther).filter(asked::add).findFirst();
    }
    return SecondLook.isDue(now, before, deadline)
        ? now.refusing().flatMap(Judged::again)
        : Optional.empty();
  }

  private Optional<Refuse> refusal() {
    return judgement != null && judgement.verdict() instanceof Refuse refuse
        ? Optional.of(refuse)
        : Optional.empty();
  }

  private Judgement judge(AccountQuotas quotas) {
    Judgement local =
        Paths.of(storage(), user, quotas.user().home())
            .judge(mailbox(), quotas, need, Instant.now());
    return local.nfsMounts().isEmpty() ? local : askServers(local, quotas.user());
  }

  private Judgement askServers(Judgement local, UserQuotas account) {
    BlockingQueue<Judgement> answer = new ArrayBlockingQueue<>(1);
    try (RquotaClient client = NfsServers.client(rules.nfs(), info -> {}, warning -> {})) {
      new NfsMailboxes(client)
          .decide(
              new NfsMailboxes.Open(local, account.uid(), account.gid(), deadline), answer::add);
      return answer.take();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return local;
    }
  }

  /** All that was told. */
  AccountQuotas quotas() {
    return Objects.requireNonNull(account);
  }

  /** What the last look came to. */
  Judgement judgement() {
    return Objects.requireNonNull(judgement);
  }

  /** Postfix is asked when it is needed, once. */
  private Storage storage() {
    if (storage == null) {
      storage = rules.storage().hasMbox() ? ofPostfix(rules.storage()) : rules.storage();
    }
    return storage;
  }

  private static Storage ofPostfix(Storage configured) {
    try {
      return LockFiles.of(configured, new Programs());
    } catch (IOException e) {
      return configured; // as the daemon
    }
  }

  /** Opened when it is needed, as who this process is by then. */
  Mailbox mailbox() {
    try {
      mailbox = mailbox == null ? Mailbox.onThisMachine() : mailbox;
      return mailbox;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
