// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.mailbox.Place;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Unknown;

/** Whether there are quotas where mail is stored, and the helper can tell them. */
final class MailboxChecks {
  private static final List<String> USERS = List.of("/usr/bin/getent", "passwd");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Ids that Debian gives to people, policy 9.2.2. */
  private static final int FIRST_UID = 1_000;

  private static final int LAST_UID = 59_999;

  private final Host host;
  private final List<Advice> advice = new ArrayList<>();

  private MailboxChecks(Host host) {
    this.host = host;
  }

  /** All that there is to say. */
  static List<Advice> of(Host host) throws IOException {
    MailboxChecks checks = new MailboxChecks(host);
    if (host.helper().isEmpty()) {
      checks.advice.add(
          Advice.error(
              "helper",
              "the helper cannot be started: " + host.helperTrouble(),
              "run this as root, or as the daemon's user with setup/sudoers.d/quotapolicy in"
                  + " /etc/sudoers.d"));
    } else {
      checks.advice.add(Advice.ok("helper", "can be started"));
      checks.checkQuotas(host.helper().get());
    }
    checks.checkDelivery();
    return checks.advice;
  }

  /** One user for each filesystem that holds homes. */
  private void checkQuotas(HelperProbe helper) throws IOException {
    Mailbox mailbox = Mailbox.onThisMachine();
    for (Map.Entry<String, String> one : onePerFilesystem().entrySet()) {
      LookupResult result = helper.find(one.getValue());
      if (result instanceof Found found) {
        checkQuota(one.getValue(), mailbox.judge(found.quotas(), Need.ofMessage(0), Instant.now()));
      } else if (result instanceof CouldNotTell unknown) {
        advice.add(
            Advice.error(
                "quotas",
                "the helper does not tell about " + one.getValue() + ": " + unknown.reason(),
                "quotapolicy check " + one.getValue()));
      }
    }
  }

  private Map<String, String> onePerFilesystem() throws IOException {
    Map<String, String> users = new LinkedHashMap<>();
    for (String line : new Command(USERS, LIMIT).output().lines().toList()) {
      String[] fields = line.split(":", -1);
      if (fields.length == 7 && fields[2].matches("[0-9]{4,5}") && isPerson(fields[2])) {
        Path home = Path.of(utf8(fields[5]));
        if (Files.isDirectory(home.getParent() == null ? home : home.getParent())) {
          users.putIfAbsent(filesystem(home), fields[0]);
        }
      }
    }
    return users;
  }

  private static boolean isPerson(String uid) {
    int id = Integer.parseInt(uid);
    return id >= FIRST_UID && id <= LAST_UID;
  }

  /** By its parent, as nobody else may enter a home. */
  private static String filesystem(Path home) throws IOException {
    Path seen = Files.exists(home) ? home : home.getParent();
    return Files.getAttribute(seen, "unix:dev").toString();
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private void checkQuota(String user, Judgement judgement) {
    String where =
        judgement.home() instanceof Place.Local local
            ? local.mount().mountPoint() + " (" + local.mount().type() + ")"
            : "the home of " + user;
    if (judgement.verdict() instanceof Unknown unknown) {
      advice.add(
          Advice.error(
              "quotas",
              "could not tell on " + where + ": " + unknown.reason(),
              "quotapolicy check " + user));
    } else if (judgement.verdict() instanceof Accept accept
        && accept.reason() == Accept.Reason.NO_QUOTA) {
      advice.add(
          Advice.warning(
              "quotas",
              "no quota is enforced on " + where + ", where " + user + " gets mail",
              "mount it with usrquota (ext4) or uquota (XFS), and quotaon if need be"));
    } else {
      advice.add(Advice.ok("quotas", "enforced on " + where));
    }
  }

  /** The home directory is what is asked about; mail may be stored elsewhere. */
  private void checkDelivery() {
    Postconf postfix = host.postfix();
    for (String transport : List.of("mailbox_transport", "mailbox_command")) {
      if (!postfix.get(transport).isEmpty()) {
        advice.add(
            Advice.info(
                "delivery",
                transport
                    + " is "
                    + postfix.get(transport)
                    + ": see to it that it stores mail where quotapolicy looks"));
        return;
      }
    }
    if (postfix.get("home_mailbox").isEmpty()) {
      checkSpool(Path.of(postfix.get("mail_spool_directory")));
    } else {
      advice.add(Advice.ok("delivery", "in the home: " + postfix.get("home_mailbox")));
    }
  }

  private void checkSpool(Path spool) {
    advice.add(
        Advice.warning(
            "delivery",
            "mail is stored in " + spool + ", but the filesystem of the home is looked at",
            "set home_mailbox = Maildir/ in main.cf, unless both are one filesystem"));
  }
}
