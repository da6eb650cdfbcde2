// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.quotapolicy.helper.Lookup;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.HelperCommand;
import org.quotapolicy.helperclient.HelperLog;
import org.quotapolicy.helperclient.HelperSettings;
import org.quotapolicy.helperclient.Results;
import org.quotapolicy.kernel.Privileges;
import org.quotapolicy.server.SecondLook;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.wire.Scope;

/**
 * Asks for one user, with the least privilege that can tell: none about oneself; the helper,
 * started directly by root or else by sudo, about others.
 */
final class UserLookup {
  private static final String NOT_BY_SUDO =
      "not permitted, or the helper could not be started by sudo: users may ask about themselves; about others root"
          + " may, and who is allowed to run \"quotapolicy helper\" with sudo";

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
   * Asks for a user, and once more after a moment as long as that is wanted.
   *
   * @param again takes each result, and says whether to ask again
   */
  LookupResult find(String name, Predicate<LookupResult> again) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (Privileges.isRoot()) {
      return byHelper(HelperCommand.direct(Launcher.path()), name, deadline, again);
    }
    LookupResult visible = visibleToSelf(name);
    if (visible instanceof Found found && found.quotas().uid() != Privileges.userId()) {
      return byHelper(HelperCommand.sudo(sudo, Launcher.path()).once(), name, deadline, again);
    }
    while (again.test(visible)) {
      pause();
      visible = visibleToSelf(name);
    }
    return visible;
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
  private LookupResult visibleToSelf(String name) {
    BlockingQueue<LookupResult> answer = new ArrayBlockingQueue<>(1);
    Thread thread = new Thread(() -> answer.add(lookUp(name)), "look-up");
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

  private static LookupResult lookUp(String name) {
    try {
      return Results.of(Lookup.open().byName(name, new Scope.All()));
    } catch (IOException e) {
      return new CouldNotTell(String.valueOf(e.getMessage()));
    }
  }

  private LookupResult byHelper(
      HelperCommand command, String name, long deadline, Predicate<LookupResult> again)
      throws IOException {
    boolean byRoot = Privileges.isRoot();
    Optional<Identity> identity =
        byRoot ? Optional.of(Identity.orNobody(become)) : Optional.empty();
    HelperLog log = new HelperLog(info -> {}, warning);
    HelperClient client =
        new HelperClient(command, HelperSettings.withTimeout(timeout), log, () -> {});
    try {
      client.start();
      if (identity.isPresent()) {
        identity.get().becomeForGood();
      }
      return client.awaitReady(timeout)
          ? ask(client, name, deadline, again)
          : new CouldNotTell(byRoot ? "the helper could not be started" : NOT_BY_SUDO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CouldNotTell("interrupted");
    } finally {
      client.stop();
    }
  }

  private static LookupResult ask(
      HelperClient client, String name, long deadline, Predicate<LookupResult> again)
      throws InterruptedException {
    BlockingQueue<LookupResult> answer = new ArrayBlockingQueue<>(1);
    client.ask(name, new Scope.All(), deadline, answer::add);
    LookupResult result = answer.take();
    while (again.test(result)) {
      pause();
      client.ask(name, new Scope.All(), deadline, answer::add);
      result = answer.take();
    }
    return result;
  }

  private String seconds() {
    return timeout.toSeconds() + " s";
  }
}
