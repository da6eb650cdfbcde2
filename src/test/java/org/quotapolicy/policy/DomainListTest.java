// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainListTest {

  @Test
  void list_asMydestination() {
    DomainList list =
        DomainList.parse(
            """
            mail.example.org, localhost,example.org
            # comment, ignored.example
            !not.example /etc/mail/names\thash:/etc/mail/table [192.0.2.1] [IPv6:2001:db8::1]
            user@example.org !/etc/not pcre:{/x/ y}
            """);
    assertEquals(
        List.of(
            "mail.example.org",
            "localhost",
            "example.org",
            "!not.example",
            "[192.0.2.1]",
            "[IPv6:2001:db8::1]"),
        list.names());
    assertEquals(List.of("/etc/mail/names"), list.files());
    assertEquals(
        List.of("hash:/etc/mail/table", "user@example.org", "!/etc/not", "pcre:{/x/", "y}"),
        list.notUnderstood());
  }

  @Test
  void emptyList_isNoDomain() {
    assertEquals(new DomainList(List.of(), List.of(), List.of()), DomainList.parse(" ,\n"));
    assertEquals(Set.of(), LocalDomains.of(List.of()).names());
  }

  @ParameterizedTest
  @CsvSource({
    "a@example.org, true",
    "a@EXAMPLE.ORG, true",
    "a@example.org., true",
    "a@sub.example.org, false",
    "a@example.or, false",
    "a@out.example, false",
    "a@in.example, true",
    "a@, true",
    "a, true",
    "a@B\u00c3\u009cCHER.example, true",
    "a@B\u00dcCHER.example, false",
  })
  void domain_isLocal(String address, boolean local) {
    LocalDomains domains =
        LocalDomains.of(
            List.of(
                "Example.org",
                "!out.example",
                "out.example",
                "in.example",
                "!in.example",
                "b\u00c3\u00bccher.example"));
    assertEquals(local, domains.contains(Address.of(address)));
  }
}
