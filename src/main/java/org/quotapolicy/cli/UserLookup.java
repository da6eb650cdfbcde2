// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.quotapolicy.helper.Lookup;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.HelperCommand;
import org.quotapolicy.helperclient.HelperLog;
import org.quotapolicy.helperclient.HelperSettings;
import org.quotapolicy.helperclient.Results;
import org.quotapolicy.kernel.Accounts;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Privileges;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.NoSuchUser;

/**
 * Asks for one user, with the least privilege that can tell: none about oneself; the helper,
 * started directly by root or else by sudo, about others.
 */
final class UserLookup {
  private static final String NOT_PERMITTED =
      "not permitted: users may ask about themselves; about others root may, and who is allowed to"
          + " run \"quotapolicy helper\" with sudo";

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

  LookupResult find(String name) throws IOException {
    if (Privileges.isRoot()) {
      return byHelper(HelperCommand.direct(Launcher.path()), name);
    }
    Accounts.Reply reply = Accounts.byName(name);
    if (reply instanceof Accounts.Reply.Found account) {
      return account.uid() == Privileges.userId()
          ? Results.of(Lookup.open().byName(name))
          : byHelper(HelperCommand.sudo(sudo, Launcher.path()).once(), name);
    }
    return reply instanceof Accounts.Reply.Failed failed
        ? new CouldNotTell("the name service could not be asked: " + Errno.name(failed.errno()))
        : new NoSuchUser();
  }

  private LookupResult byHelper(HelperCommand command, String name) throws IOException {
    boolean byRoot = Privileges.isRoot();
    HelperLog log = new HelperLog(info -> {}, warning);
    HelperClient client =
        new HelperClient(command, HelperSettings.withTimeout(timeout), log, () -> {});
    try {
      client.start();
      if (byRoot) {
        Identity.of(become).becomeForGood();
      }
      return client.awaitReady(timeout)
          ? ask(client, name)
          : new CouldNotTell(byRoot ? "the helper could not be started" : NOT_PERMITTED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CouldNotTell("interrupted");
    } finally {
      client.stop();
    }
  }

  private LookupResult ask(HelperClient client, String name) throws InterruptedException {
    BlockingQueue<LookupResult> answer = new ArrayBlockingQueue<>(1);
    client.ask(name, System.nanoTime() + timeout.toNanos(), answer::add);
    return answer.take();
  }
}
