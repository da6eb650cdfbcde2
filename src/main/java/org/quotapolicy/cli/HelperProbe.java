// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.HelperCommand;
import org.quotapolicy.helperclient.HelperLog;
import org.quotapolicy.helperclient.HelperSettings;
import org.quotapolicy.kernel.Privileges;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.wire.Scope;

/**
 * A helper of one's own, started as the daemon would start it, to see whether that works.
 *
 * <p>SECURITY: root is given up as soon as its process exists.
 */
final class HelperProbe implements Closeable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HelperClient client;
  private final boolean ready;
  private final String said;

  private HelperProbe(HelperClient client, boolean ready, String said) {
    this.client = client;
    this.ready = ready;
    this.said = said;
  }

  /** Starts it: directly by root, else by sudo. */
  static HelperProbe start(DaemonConfig config) throws IOException {
    boolean byRoot = Privileges.isRoot();
    Optional<Identity> identity =
        byRoot ? Optional.of(Identity.orNobody(config.user())) : Optional.empty();
    HelperCommand command =
        byRoot
            ? HelperCommand.direct(Launcher.path())
            : HelperCommand.sudo(config.sudo().toString(), Launcher.path()).once();
    List<String> said = new CopyOnWriteArrayList<>();
    HelperClient client =
        new HelperClient(
            command,
            HelperSettings.withTimeout(TIMEOUT),
            new HelperLog(info -> {}, warning -> said.add(warning)),
            () -> {});
    client.start();
    if (identity.isPresent()) {
      identity.get().becomeForGood();
    }
    return new HelperProbe(client, isReady(client), String.join("; ", said));
  }

  private static boolean isReady(HelperClient client) {
    try {
      return client.awaitReady(TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean isReady() {
    return ready;
  }

  /** Why it is not ready, as far as it is known. */
  String trouble() {
    return said.isEmpty() ? "it does not become ready" : said;
  }

  /** Asks for a user. */
  LookupResult find(String user) throws IOException {
    CompletableFuture<LookupResult> answer = new CompletableFuture<>();
    client.ask(user, new Scope.All(), System.nanoTime() + TIMEOUT.toNanos(), answer::complete);
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.stop();
  }
}
