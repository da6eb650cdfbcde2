// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Settings;
import org.quotapolicy.system.Credentials;

/**
 * Looks at the whole of a host: Postfix, the daemon, the files, the quotas.
 *
 * <p>SECURITY: started by root, it starts a helper and gives root up; all else comes after.
 */
final class Doctor {
  /** For the helper's start, and for each question to it. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final DaemonSource source;

  Doctor(DaemonSource source) {
    this.source = source;
  }

  /** All that there is to say, what is well, too. */
  List<Advice> look() throws IOException {
    Settings settings = source.read();
    try {
      return look(DaemonOptions.toConfig(settings));
    } catch (InvalidConfigException e) {
      return e.problems().stream()
          .map(problem -> Advice.error("config-file", problem, "quotapolicy daemon --check-config"))
          .toList();
    }
  }

  private List<Advice> look(DaemonConfig config) throws IOException {
    Optional<OwnHelper> helper = Optional.empty();
    List<String> troubles = new CopyOnWriteArrayList<>();
    try {
      helper =
          Optional.of(
              OwnHelper.start(config.user(), config.sudo().toString(), TIMEOUT, troubles::add));
    } catch (IOException e) {
      troubles.add(String.valueOf(e.getMessage()));
    }
    if (Credentials.isRoot()) {
      Identity.orNobody(config.user()).becomeForGood();
    }
    try {
      Path file = source.file().orElse(DaemonSource.USUAL);
      return check(
          new Host(file, config, Postconf.read(), helper.filter(Doctor::isReady), said(troubles)));
    } finally {
      helper.ifPresent(OwnHelper::close);
    }
  }

  private static boolean isReady(OwnHelper helper) {
    try {
      return helper.absence(TIMEOUT).isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Why the helper is not ready, as far as it is known. */
  private static String said(List<String> troubles) {
    return troubles.isEmpty() ? "it does not become ready" : String.join("; ", troubles);
  }

  /** A helper does not start from a tree that others can write to: the tree is to be mended. */
  private static List<Advice> withoutConsequences(List<Advice> all) {
    boolean isBadTree = all.stream().anyMatch(one -> isError(one, "tree"));
    return all.stream().filter(one -> !isBadTree || !isError(one, "helper")).toList();
  }

  private static boolean isError(Advice advice, String key) {
    return advice.level() == Advice.Level.ERROR && advice.key().equals(key);
  }

  private static List<Advice> check(Host host) throws IOException {
    List<Advice> advice = new ArrayList<>(InstallationChecks.of(host));
    advice.addAll(DaemonChecks.of(host));
    advice.addAll(PolicyServiceChecks.of(host));
    advice.addAll(RecipientChecks.of(host));
    advice.addAll(MailboxChecks.of(host));
    return withoutConsequences(advice);
  }
}
