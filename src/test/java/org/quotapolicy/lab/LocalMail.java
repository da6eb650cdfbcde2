// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** local(8) of the real Postfix, which stores mail for users of lab.example. */
final class LocalMail {
  private static final Path LOG = Path.of("/var/log/postfix.log");
  private static final Duration DELIVERY = Duration.ofSeconds(30);

  private LocalMail() {}

  /** Starts Postfix. */
  static void start() {
    start("");
  }

  /**
   * Starts it otherwise than by {@code postfix start}.
   *
   * @param how a command
   */
  static void start(String how) {
    Guest.must("/lab/repo/src/test/lab/start-postfix " + how);
  }

  static void stop() {
    Guest.must("postfix stop");
  }

  /**
   * Has it go by these parameters from now on; each is {@code name=value}, in the shell's words.
   */
  static void configure(String parameters) {
    Guest.must("postconf -e " + parameters + " && postfix reload");
  }

  /** Has it store mail in a spool: in mboxes, unless the directory ends with a slash. */
  static void storeIn(String spool) {
    configure("home_mailbox= mail_spool_directory=" + spool);
  }

  /** Sends a user a message; says what came of it: sent, bounced, deferred. */
  static String deliver(String user) {
    int before = outcomes(user).size();
    Guest.must(
        "printf 'Subject: x\\n\\nx\\n' | sendmail -i -f '<>' %s@lab.example".formatted(user));
    Guest.await("mail for " + user, DELIVERY, () -> outcomes(user).size() > before);
    Guest.must("postsuper -d ALL 2>/dev/null");
    return outcomes(user).get(before);
  }

  private static List<String> outcomes(String user) {
    Pattern line = Pattern.compile("/local\\[.* to=<" + user + "@lab\\.example>.* status=([a-z]+)");
    return line.matcher(Guest.read(LOG)).results().map(found -> found.group(1)).toList();
  }
}
