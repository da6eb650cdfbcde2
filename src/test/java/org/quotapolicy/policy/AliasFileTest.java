// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.policy.AliasTarget.Include;
import org.quotapolicy.policy.AliasTarget.Mail;
import org.quotapolicy.policy.AliasTarget.Other;

class AliasFileTest {

  @Test
  void aliases_asAliases5() {
    AliasFile file =
        AliasFile.ofAliases(
            """
            # comment
            root: alice
              # a comment between does not end the entry
              , bob

              , carol@example.org
            Info:alice
            "sales team" : "|/usr/bin/prog -a, b", /var/mail/archive
            list: :include:/etc/mail/list
            other: :include:relative, ~/file, "bob smith"
            """);
    assertEquals(
        Map.of(
            "root", List.of(mail("alice"), mail("bob"), mail("carol@example.org")),
            "info", List.of(mail("alice")),
            "sales team", List.of(new Other(), new Other()),
            "list", List.of(new Include("/etc/mail/list")),
            "other", List.of(new Other(), new Other(), mail("bob smith"))),
        file.entries());
    assertEquals(List.of(), file.problems());
  }

  @Test
  void wrongEntries_areNamedAndLeftOut() {
    AliasFile file =
        AliasFile.ofAliases(
            """
            no colon
            empty:
            : alice
            a b: alice
            twice: alice
            Twice: bob
            open": alice
            """);
    assertEquals(Map.of("twice", List.of(mail("alice"))), file.entries());
    assertEquals(
        List.of(
            "line 1: no colon behind the name",
            "line 2: no destination",
            "line 3: the name is not understood",
            "line 4: the name is not understood",
            "line 6: the name came before: the first entry counts",
            "line 7: no colon behind the name"),
        file.problems());
  }

  @Test
  void virtualAliases_asVirtual5() {
    AliasFile file =
        AliasFile.ofVirtual(
            """
            Example.ORG       anything
            info@Example.org  alice bob@example.net,
                              carol
            @example.org\tcatchall
            "a b"@example.org  alice
            lone
            prog@example.org  |prog
            incl@example.org  :include:/etc/x
            """);
    assertEquals(
        Map.of(
            "example.org", List.of(mail("anything")),
            "info@example.org", List.of(mail("alice"), mail("bob@example.net"), mail("carol")),
            "@example.org", List.of(mail("catchall")),
            "a b@example.org", List.of(mail("alice")),
            "prog@example.org", List.of(new Other()),
            "incl@example.org", List.of(new Other())),
        file.entries());
    assertEquals(List.of("line 6: no destination"), file.problems());
  }

  /** Whatever follows: no recipient may expand to so many. */
  @ParameterizedTest
  @ValueSource(strings = {",", "\n"})
  void include_beyondWhatMayBeAsked_endsThere(String separator) {
    String text = ("alice" + separator).repeat(AddressList.MOST + 10);
    assertEquals(Expansion.MAX_STEPS + 1, AliasFile.ofInclude(text).size());
  }

  @Test
  void alias_beyondWhatMayBeAsked_endsThere() {
    AliasFile file = AliasFile.ofAliases("a: " + "alice,".repeat(AddressList.MOST + 10));
    List<AliasTarget> targets = Objects.requireNonNull(file.entries().get("a"));
    assertEquals(Expansion.MAX_STEPS + 1, targets.size());
  }

  @Test
  void include_hasDestinationsOnly() {
    assertEquals(
        List.of(mail("alice"), mail("bob"), mail("carol"), new Other()),
        AliasFile.ofInclude("# people\nalice, bob\n\n  carol\n/dev/null\n"));
  }

  @Test
  void emptyFile_hasNothing() {
    assertEquals(new AliasFile(Map.of(), List.of()), AliasFile.ofAliases(""));
    assertEquals(new AliasFile(Map.of(), List.of()), AliasFile.ofVirtual("\n\n#\n  \n"));
  }

  private static Mail mail(String address) {
    return new Mail(address);
  }
}
