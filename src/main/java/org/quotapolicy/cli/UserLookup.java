// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.quotapolicy.helper.Lookup;
import org.quotapolicy.helperclient.Results;
import org.quotapolicy.server.SecondLook;
import org.quotapolicy.system.Credentials;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.wire.Scope;

/**
 * Asks for one user, with the least privilege that can tell: none about oneself; the helper,
 * started directly by root or else by sudo, about others.
 */
final class UserLookup {
  private final String become;
  private final String sudo;
  private final Duration timeout;
  private final Consumer<String> warning;

  /**
   * A way to look users up.
   *
   * @param become who root becomes as soon as the helper is started
   * @param sudo path of sudo
   * @param timeout for everything together
   * @param warning takes what the helper's life gives cause to say
   */
  UserLookup(String become, String sudo, Duration timeout, Consumer<String> warning) {
    this.become = become;
    this.sudo = sudo;
    this.timeout = timeout;
    this.warning = warning;
  }

  /**
   * Asks for a user on all filesystems, and then about one after a moment, as long as that is
   * wanted.
   *
   * @param next takes each answer, and says what to ask about
   * @return the last answer
   */
  LookupResult find(String name, Function<LookupResult, Optional<Scope>> next) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (Credentials.isRoot()) {
      return byHelper(name, deadline, next);
    }
    LookupResult visible = visibleToSelf(name, new Scope.All());
    if (visible instanceof Found found && found.quotas().uid() != Credentials.userId()) {
      return byHelper(name, deadline, next);
    }
    return complete(visible, scope -> visibleToSelf(name, scope), next);
  }

  /** Asks on after a first answer, as long as that is wanted; the last answer. */
  static LookupResult complete(
      LookupResult first,
      Function<Scope, LookupResult> ask,
      Function<LookupResult, Optional<Scope>> next) {
    LookupResult last = first;
    Optional<Scope> wanted = next.apply(last);
    while (wanted.isPresent()) {
      pause();
      last = ask.apply(wanted.get());
      wanted = next.apply(last);
    }
    return last;
  }

  private static void pause() {
    try {
      Thread.sleep(SecondLook.PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What this process may see by itself; of another user, only his account. On a thread of its own,
   * as neither a name service nor a kernel that does not answer can be interrupted.
   */
  LookupResult visibleToSelf(String name, Scope scope) {
    BlockingQueue<LookupResult> answer = new ArrayBlockingQueue<>(1);
    Thread thread = new Thread(() -> answer.add(lookUp(name, scope)), "look-up");
    thread.setDaemon(true);
    thread.start();
    try {
      LookupResult result = answer.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return result != null ? result : new CouldNotTell("no answer within " + seconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CouldNotTell("interrupted");
    }
  }

  private static LookupResult lookUp(String name, Scope scope) {
    try {
      return Results.of(Lookup.open().byName(name, scope));
    } catch (IOException e) {
      return new CouldNotTell(String.valueOf(e.getMessage()));
    }
  }

  private LookupResult byHelper(
      String name, long deadline, Function<LookupResult, Optional<Scope>> next) throws IOException {
    try (OwnHelper helper = OwnHelper.start(become, sudo, timeout, warning)) {
      Optional<String> absence = helper.absence(timeout);
      return absence.isPresent()
          ? new CouldNotTell(absence.get())
          : complete(
              helper.ask(name, new Scope.All(), deadline),
              scope -> helper.ask(name, scope, deadline),
              next);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CouldNotTell("interrupted");
    }
  }

  private String seconds() {
    return timeout.toSeconds() + " s";
  }
}
