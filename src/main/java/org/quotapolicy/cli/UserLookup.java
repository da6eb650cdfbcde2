// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.quotapolicy.helper.Lookup;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.Results;
import org.quotapolicy.kernel.Privileges;
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

  LookupResult find(String name) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (Privileges.isRoot()) {
      return byHelper(name, deadline);
    }
    LookupResult visible = visibleToSelf(name);
    return visible instanceof Found found && found.quotas().uid() != Privileges.userId()
        ? byHelper(name, deadline)
        : visible;
  }

  /**
   * What this process may see by itself; of another user, only his account. On a thread of its own,
   * as neither a name service nor a kernel that does not answer can be interrupted.
   */
  LookupResult visibleToSelf(String name) {
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

  private LookupResult byHelper(String name, long deadline) throws IOException {
    try (OwnHelper helper = OwnHelper.start(become, sudo, timeout, warning)) {
      Optional<String> absence = helper.absence(timeout);
      return absence.isPresent()
          ? new CouldNotTell(absence.get())
          : ask(helper.client(), name, deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CouldNotTell("interrupted");
    }
  }

  private static LookupResult ask(HelperClient client, String name, long deadline)
      throws InterruptedException {
    BlockingQueue<LookupResult> answer = new ArrayBlockingQueue<>(1);
    client.ask(name, new Scope.All(), deadline, answer::add);
    return answer.take();
  }

  private String seconds() {
    return timeout.toSeconds() + " s";
  }
}
