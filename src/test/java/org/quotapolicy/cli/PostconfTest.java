// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.cli.Postconf.Smtpd;

class PostconfTest {
  private static final String SERVICES =
      """
      smtp       inet  n       -       y       -       -       smtpd
      submission inet  n       -       -       -       -       smtpd -o smtpd_recipient_restrictions=permit
      pickup     unix  n       -       y       60      1       pickup
      smtpd      pass  -       -       n       -       -       smtpd
      """;

  private static Postconf postconf(String parameters) {
    return Postconf.of(
        parameters, SERVICES, "submission/inet/smtpd_recipient_restrictions = permit\n");
  }

  @Test
  void smtpds_areFoundWithTheirChroot() {
    assertEquals(
        List.of(
            new Smtpd("smtp/inet", true),
            new Smtpd("submission/inet", false),
            new Smtpd("smtpd/pass", false)),
        postconf("compatibility_level = 3.6").smtpds());
    assertEquals(
        new Smtpd("submission/inet", true), postconf("compatibility_level = 0").smtpds().get(1));
  }

  @Test
  void parameter_ofService_wins() {
    Postconf postconf = postconf("smtpd_recipient_restrictions = a = b\nempty =\n");
    List<Smtpd> smtpds = postconf.smtpds();
    assertEquals("a = b", postconf.get(smtpds.get(0), "smtpd_recipient_restrictions"));
    assertEquals("permit", postconf.get(smtpds.get(1), "smtpd_recipient_restrictions"));
    assertEquals("", postconf.get("empty"));
    assertEquals("", postconf.get("absent"));
  }

  @Test
  void services_areFoundWithOptionsAndPlace() {
    List<PolicyService> services =
        PolicyService.in(
            "list",
            "permit_mynetworks, check_client_access { inline:{ a=b } },\n"
                + " check_policy_service unix:private/a,check_policy_service {"
                + " unix:q/s, timeout=10s { default_action = DUNNO } } permit");
    assertEquals(
        List.of(
            new PolicyService(
                "list",
                "unix:private/a",
                Map.of(),
                List.of("permit_mynetworks", "check_client_access", "{ inline:{ a=b } }")),
            new PolicyService(
                "list",
                "unix:q/s",
                Map.of("timeout", "10s", "default_action", "DUNNO"),
                List.of(
                    "permit_mynetworks",
                    "check_client_access",
                    "{ inline:{ a=b } }",
                    "check_policy_service",
                    "unix:private/a"))),
        services);
    assertEquals(List.of(), PolicyService.in("list", "check_policy_service"));
    assertEquals(1, PolicyService.in("list", "check_policy_service { } }{").size());
  }

  @ParameterizedTest
  @CsvSource({"10s,10", "10,10", "2m,120", "1h,3600", "x,", "10x,", "'',", "-1s,", "1 s,"})
  void seconds_areUnderstood(String value, Integer seconds) {
    PolicyService service = new PolicyService("", "", Map.of("timeout", value), List.of());
    assertEquals(Optional.ofNullable(seconds), service.seconds("timeout"));
  }
}
