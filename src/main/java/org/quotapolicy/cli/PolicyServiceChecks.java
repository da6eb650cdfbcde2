// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quotapolicy.server.TcpSocket;

/** Whether and how Postfix asks the daemon. */
final class PolicyServiceChecks {
  private static final String RIGHT_LIST = "smtpd_recipient_restrictions";

  /** In addition to the right one, it has the true size of mail for one recipient looked at. */
  private static final String LAST_LIST = "smtpd_end_of_data_restrictions";

  private static final List<String> LISTS =
      List.of(
          RIGHT_LIST,
          "smtpd_relay_restrictions",
          "smtpd_client_restrictions",
          "smtpd_helo_restrictions",
          "smtpd_sender_restrictions",
          "smtpd_data_restrictions",
          LAST_LIST);

  private final Host host;
  private final Postconf postfix;
  private final List<Advice> advice = new ArrayList<>();

  private PolicyServiceChecks(Host host) {
    this.host = host;
    this.postfix = host.postfix();
  }

  /** All that there is to say. */
  static List<Advice> of(Host host) {
    PolicyServiceChecks checks = new PolicyServiceChecks(host);
    host.postfix().smtpds().forEach(checks::checkSmtpd);
    return checks.advice;
  }

  private void checkSmtpd(Postconf.Smtpd smtpd) {
    List<PolicyService> services = LISTS.stream().flatMap(list -> ours(smtpd, list)).toList();
    if (services.isEmpty()) {
      missing(smtpd);
    } else {
      boolean isInRightList =
          services.stream().anyMatch(service -> service.list().equals(RIGHT_LIST));
      services.stream()
          .filter(service -> !(isInRightList && service.list().equals(LAST_LIST)))
          .forEach(service -> check(smtpd, service));
    }
  }

  private Stream<PolicyService> ours(Postconf.Smtpd smtpd, String list) {
    return PolicyService.in(list, postfix.get(smtpd, list)).stream()
        .filter(service -> isOurs(smtpd, service));
  }

  /** Other policy services are none of our business. */
  private boolean isOurs(Postconf.Smtpd smtpd, PolicyService service) {
    return service.endpoint().contains("quotapolicy") || leadsToDaemon(smtpd, service);
  }

  private boolean leadsToDaemon(Postconf.Smtpd smtpd, PolicyService service) {
    return service.endpoint().startsWith("unix:")
        ? path(smtpd, service).equals(host.config().socket())
        : host.config().tcp().listen().stream()
            .map(TcpSocket::name)
            .anyMatch(service.endpoint()::equals);
  }

  /** Relative to the queue directory, which is the root directory in the chroot. */
  private Path path(Postconf.Smtpd smtpd, PolicyService service) {
    Path queue = Path.of(postfix.get("queue_directory"));
    String name = service.endpoint().substring("unix:".length());
    return name.startsWith("/") && !smtpd.isChrooted()
        ? Path.of(name).normalize()
        : Path.of(queue + "/" + name).normalize();
  }

  private void missing(Postconf.Smtpd smtpd) {
    if (postfix.overrides().containsKey(smtpd.name() + "/" + RIGHT_LIST)) {
      add(
          Advice.info(
              "policy-submission",
              smtpd.name() + " in master.cf has restrictions of its own and asks no quotapolicy"));
    } else {
      add(
          Advice.error(
              "policy-service",
              smtpd.name() + " does not ask quotapolicy",
              "add to "
                  + RIGHT_LIST
                  + " in main.cf, behind reject_unauth_destination: check_policy_service {"
                  + " unix:quotapolicy/quotapolicy.socket, timeout=10s, default_action=DUNNO }"));
    }
  }

  private void check(Postconf.Smtpd smtpd, PolicyService service) {
    add(Advice.ok("policy-service", smtpd.name() + " asks in " + service.list()));
    checkSocket(smtpd, service);
    checkList(service);
    checkOrder(smtpd, service);
    checkReached(service);
    checkTimeout(service);
    checkDefaultAction(service);
  }

  private void checkSocket(Postconf.Smtpd smtpd, PolicyService service) {
    if (leadsToDaemon(smtpd, service)) {
      add(Advice.ok("policy-socket", service.endpoint() + " is the daemon's"));
    } else if (service.endpoint().startsWith("unix:")) {
      Path queue = Path.of(postfix.get("queue_directory"));
      Path socket = host.config().socket();
      add(
          Advice.error(
              "policy-socket",
              smtpd.name()
                  + (smtpd.isChrooted() ? ", in its chroot," : "")
                  + " looks for the socket at "
                  + path(smtpd, service)
                  + ", but the daemon makes "
                  + socket,
              socket.startsWith(queue)
                  ? "write unix:" + queue.relativize(socket) + " in main.cf"
                  : "let the daemon make it below " + queue + " (--homedir)"));
    } else {
      add(
          Advice.error(
              "policy-socket",
              "the daemon does not listen on " + service.endpoint(),
              "set --listen, or name the Unix socket in main.cf"));
    }
  }

  private void checkList(PolicyService service) {
    String list = service.list();
    if (list.equals(RIGHT_LIST)) {
      add(Advice.ok("policy-list", list));
    } else if (list.contains("data")) {
      add(
          Advice.warning(
              "policy-list",
              "in " + list + " mail for several recipients is never checked",
              "move it to " + RIGHT_LIST));
    } else {
      add(
          Advice.warning(
              "policy-list",
              "in " + list + " it is asked about mail that is refused later anyway",
              "move it to " + RIGHT_LIST));
    }
    boolean early = list.matches("smtpd_(client|helo|sender)_restrictions");
    if (early && !postfix.isYes("smtpd_delay_reject")) {
      add(
          Advice.error(
              "delay-reject",
              "with smtpd_delay_reject = no the recipient is not known in " + list,
              "move it to " + RIGHT_LIST));
    }
  }

  /** What is not for us must be refused before, be it by the list that is evaluated first. */
  private void checkOrder(Postconf.Smtpd smtpd, PolicyService service) {
    boolean relayFirst =
        postfix.isYes("smtpd_relay_before_recipient_restrictions")
            && rejects(PolicyService.words(postfix.get(smtpd, "smtpd_relay_restrictions")));
    if (rejects(service.before()) || relayFirst || service.list().contains("data")) {
      add(Advice.ok("policy-order", "behind reject_unauth_destination"));
    } else {
      add(
          Advice.warning(
              "policy-order",
              "it stands before reject_unauth_destination, so it is asked about relay attempts;"
                  + " they are still refused, as it never permits",
              "move it behind reject_unauth_destination"));
    }
  }

  private static boolean rejects(List<String> words) {
    return words.contains("reject_unauth_destination")
        || words.contains("defer_unauth_destination");
  }

  private void checkReached(PolicyService service) {
    Optional<String> end =
        service.before().stream().filter(word -> word.matches("permit|reject|defer")).findFirst();
    if (end.isPresent()) {
      add(
          Advice.error(
              "policy-reached",
              "it is never reached: \"" + end.get() + "\" stands before it in " + service.list(),
              "move it before that"));
    } else if (service.before().contains("permit_mynetworks")) {
      add(Advice.info("policy-mynetworks", "mail from mynetworks is not checked"));
    }
  }

  private void checkTimeout(PolicyService service) {
    long own = host.config().timeout().toSeconds();
    Optional<Integer> seconds = service.seconds("timeout");
    String remedy = "write timeout=" + Math.max(10, own + 5) + "s for the service in main.cf";
    if (seconds.isEmpty()) {
      add(
          Advice.warning(
              "policy-timeout", "no timeout is set for the service: Postfix waits 100 s", remedy));
    } else if (seconds.get() <= own) {
      add(
          Advice.error(
              "policy-timeout",
              "Postfix waits " + seconds.get() + " s, not longer than --timeout " + own,
              remedy));
    } else if (seconds.get() > Math.max(10, own + 5)) {
      add(Advice.warning("policy-timeout", "Postfix waits " + seconds.get() + " s", remedy));
    } else {
      add(Advice.ok("policy-timeout", "Postfix waits " + seconds.get() + " s"));
    }
  }

  private void checkDefaultAction(PolicyService service) {
    String action = service.options().getOrDefault("default_action", "");
    if (action.equals("DUNNO")) {
      add(Advice.ok("policy-default-action", "DUNNO"));
    } else {
      add(
          Advice.warning(
              "policy-default-action",
              action.isEmpty()
                  ? "no default_action is set for the service: without the daemon all mail is deferred"
                  : "default_action is " + action + " when the daemon is away",
              "write default_action=DUNNO for the service in main.cf"));
    }
  }

  private void add(Advice one) {
    advice.add(one);
  }
}
