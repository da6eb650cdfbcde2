// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.HelperCommand;
import org.quotapolicy.helperclient.HelperLog;
import org.quotapolicy.helperclient.HelperSettings;
import org.quotapolicy.system.Credentials;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.wire.Scope;

/**
 * The helper of one command, not of the daemon: root starts it directly and is root no longer when
 * it is started; all others start it by sudo, if they may.
 */
final class OwnHelper implements AutoCloseable {
  private static final String NOT_BY_SUDO =
      "not permitted, or the helper could not be started by sudo: users may ask about themselves; about others root"
          + " may, and who is allowed to run \"quotapolicy helper\" with sudo";

  private final HelperClient client;
  private final boolean byRoot;

  private OwnHelper(HelperClient client, boolean byRoot) {
    this.client = client;
    this.byRoot = byRoot;
  }

  /**
   * Starts it; from then on this process is not root.
   *
   * @param become who root becomes
   * @param sudo path of sudo
   * @param timeout for each question
   * @param warning takes what the helper's life gives cause to say
   */
  static OwnHelper start(String become, String sudo, Duration timeout, Consumer<String> warning)
      throws IOException {
    boolean byRoot = Credentials.isRoot();
    Optional<Identity> identity =
        byRoot ? Optional.of(Identity.orNobody(become)) : Optional.empty();
    HelperCommand command =
        byRoot
            ? HelperCommand.direct(Launcher.path())
            : HelperCommand.sudo(sudo, Launcher.path()).once();
    HelperLog log = new HelperLog(info -> {}, warning);
    OwnHelper helper =
        new OwnHelper(
            new HelperClient(command, HelperSettings.withTimeout(timeout), log, () -> {}), byRoot);
    helper.client.start();
    try {
      if (identity.isPresent()) {
        identity.get().becomeForGood();
      }
      return helper;
    } catch (IOException e) {
      helper.close();
      throw e;
    }
  }

  /** Waits until it is ready; else says why it is not. */
  Optional<String> absence(Duration time) throws InterruptedException {
    if (client.awaitReady(time)) {
      return Optional.empty();
    }
    return Optional.of(byRoot ? "the helper could not be started" : NOT_BY_SUDO);
  }

  /** Asks for a user, and waits until he is told or the deadline, as System.nanoTime(), is over. */
  LookupResult ask(String user, Scope scope, long deadline) {
    BlockingQueue<LookupResult> answer = new ArrayBlockingQueue<>(1);
    client.ask(user, scope, deadline, answer::add);
    client.flush();
    try {
      return answer.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CouldNotTell("interrupted");
    }
  }

  HelperClient client() {
    return client;
  }

  @Override
  public void close() {
    client.stop();
  }
}
