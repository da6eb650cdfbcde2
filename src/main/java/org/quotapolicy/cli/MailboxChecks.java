// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotapolicy.mailbox.Device;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.mailbox.Place;
import org.quotapolicy.policy.MailboxTemplate;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Unknown;
import org.quotapolicy.wire.Scope;

/** Whether there are quotas where mail is stored, and the helper can tell them. */
final class MailboxChecks {
  private static final List<String> USERS = List.of("/usr/bin/getent", "passwd");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Ids that Debian gives to people, policy 9.2.2. */
  private static final int FIRST_UID = 1_000;

  private static final int LAST_UID = 59_999;

  private final Host host;
  private final Storage storage;
  private final List<Advice> advice = new ArrayList<>();

  private MailboxChecks(Host host) {
    this.host = host;
    this.storage = host.config().storage();
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
  private void checkQuotas(OwnHelper helper) throws IOException {
    Mailbox mailbox = Mailbox.onThisMachine();
    for (String user : onePerFilesystem(mailbox)) {
      Looks looks = new Looks(user, Need.ofMessage(0), host.config(), Doctor.TIMEOUT);
      LookupResult result = ask(helper, looks);
      if (result instanceof Found) {
        checkQuotas(user, looks.judgement());
      } else if (result instanceof CouldNotTell unknown) {
        advice.add(
            Advice.error(
                "quotas",
                "the helper does not tell about " + user + ": " + unknown.reason(),
                "quotapolicy check " + user));
      }
    }
  }

  /** As check does: about projects and servers, too. */
  private static LookupResult ask(OwnHelper helper, Looks looks) {
    long deadline = System.nanoTime() + Doctor.TIMEOUT.toNanos();
    return UserLookup.complete(
        helper.ask(looks.account(), new Scope.All(), deadline),
        scope -> helper.ask(looks.account(), scope, deadline),
        looks::next);
  }

  /** None of them is touched: a home may be on a server that is gone. */
  private Collection<String> onePerFilesystem(Mailbox mailbox) throws IOException {
    Map<Object, String> users = new LinkedHashMap<>();
    for (String line : new Command(USERS, LIMIT).output().lines().toList()) {
      String[] fields = line.split(":", -1);
      if (fields.length == 7 && fields[2].matches("[0-9]{4,5}") && isPerson(fields[2])) {
        users.putIfAbsent(filesystem(mailbox.locate(fields[5])), fields[0]);
      }
    }
    return users.values();
  }

  private static boolean isPerson(String uid) {
    int id = Integer.parseInt(uid);
    return id >= FIRST_UID && id <= LAST_UID;
  }

  private static Object filesystem(Place home) {
    if (home instanceof Place.Local local) {
      return Device.of(local.mount());
    }
    return home instanceof Place.Network network ? network.mount().source() : Place.Failed.class;
  }

  private void checkQuotas(String user, Judgement judgement) {
    judgement.mailboxes().forEach(one -> checkQuota(user, one));
  }

  private void checkQuota(String user, Judged mailbox) {
    String where =
        mailbox
            .mount()
            .map(mount -> mount.mountPoint() + " (" + mount.type() + ")")
            .orElse(mailbox.path());
    if (mailbox.nfsMount().isPresent()) {
      checkServer(user, where, mailbox.verdict());
    } else if (mailbox.verdict() instanceof Unknown unknown) {
      advice.add(
          Advice.error(
              "quotas",
              "could not tell on " + where + ": " + unknown.reason(),
              "quotapolicy check --explain " + user));
    } else if (mailbox.verdict() instanceof Accept accept
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

  private void checkServer(String user, String where, Verdict verdict) {
    if (verdict instanceof Unknown unknown) {
      advice.add(
          Advice.error(
              "nfs",
              "could not tell on " + where + ": " + unknown.reason(),
              "see that rpc.rquotad runs on the server and can be reached (docs/nfs.md), then"
                  + " quotapolicy check --explain "
                  + user));
    } else if (verdict instanceof Accept accept && accept.reason() == Accept.Reason.NO_QUOTA) {
      advice.add(
          Advice.warning(
              "nfs",
              "the server tells no quota on " + where + ", where " + user + " gets mail",
              "start rpc.rquotad there after its exports (docs/nfs.md), if it has quotas"));
    } else {
      advice.add(Advice.ok("nfs", "the server tells quotas on " + where));
    }
  }

  /** Whether mail is looked for where Postfix stores it. */
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
    checkTemplate(template(postfix));
  }

  /** What fits local(8). */
  private static String template(Postconf postfix) {
    String inHome = postfix.get("home_mailbox");
    if (!inHome.isEmpty()) {
      return "%h/" + inHome;
    }
    String spool = postfix.get("mail_spool_directory");
    return spool.endsWith("/") ? spool + "%u/" : spool + "/%u";
  }

  private void checkTemplate(String fitting) {
    List<String> set = storage.mailboxes().stream().map(MailboxTemplate::text).toList();
    boolean isOfHome = fitting.startsWith("%h/") && fitting.endsWith("/");
    if (set.contains(fitting) || storage.isEverywhere() || (isOfHome && set.contains("%h/"))) {
      advice.add(Advice.ok("delivery", "looked for where Postfix stores it: " + fitting));
    } else {
      advice.add(
          Advice.warning(
              "delivery",
              "Postfix stores mail in " + fitting + ", looked at is " + String.join(", ", set),
              "set mailbox = " + fitting + " in " + host.configFile()));
    }
  }
}
