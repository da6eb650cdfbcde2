// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipientsTest {
  private static final LocalDomains HERE =
      LocalDomains.of(List.of("here.example", "Also.Example", "[192.0.2.1]"));

  private static final String ALIASES =
      """
      one: alice
      two: alice, bob
      chain: one, CHAIN2@here.example
      chain2: carol+x
      mixed: alice, far@far.example
      tovirtual: info@virtual.example
      prog: alice, "|/usr/bin/prog"
      file: /var/mail/archive
      alice: alice, one
      keep: \\alice
      loop: pool
      pool: loop
      loops: spool, bob
      spool: loops
      list: :include:/lists/all
      lost: :include:/lists/absent
      again: :include:/lists/again
      bob+ext: carol
      chief: postmaster
      friend: vip
      odd: a b
      news: bob
      owner-news: alice
      list-request: alice
      wide: :include:/lists/wide
      long: :include:/lists/long
      """;

  private static final String VIRTUAL =
      """
      virtual.example   virtual
      info@virtual.example   alice
      both@virtual.example   alice, bob@here.example
      team@virtual.example   info@virtual.example one@also.example
      self@virtual.example   self@virtual.example, alice
      out@virtual.example    someone@far.example
      ring@virtual.example   gnir@virtual.example
      gnir@virtual.example   ring@virtual.example
      @virtual.example       catchall
      @moved.example         @here.example
      bob                    carol
      dave@here.example      alice
      memb                   alice
      """;

  private static final Map<String, List<AliasTarget>> INCLUDED =
      Map.of(
          "/lists/all",
          AliasFile.ofInclude("# all\nalice\nbob, memb\n"),
          "/lists/again",
          AliasFile.ofInclude("alice\n:include:/lists/again\n"),
          "/lists/wide",
          AliasFile.ofInclude(numbered(Expansion.MAX_USERS + 1)),
          "/lists/long",
          AliasFile.ofInclude(numbered(Expansion.MAX_USERS)));

  private static String numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "u" + i).collect(Collectors.joining(",\n"));
  }

  private final Recipients rules =
      new Recipients(
          new RecipientDelimiter("+"),
          HERE,
          Exemptions.of(List.of("postmaster", "Abuse", "VIP", "Boss@here.example", "@free.example"))
              .withGroup(50, Set.of("member")),
          new Aliases(
              AliasFile.ofAliases(ALIASES).entries(),
              AliasFile.ofVirtual(VIRTUAL).entries(),
              INCLUDED));

  @ParameterizedTest
  @CsvSource({
    // recipient, users
    "carol@here.example, carol",
    "Carol+x@HERE.example, carol",
    "carol@here.example., carol",
    "carol@[192.0.2.1], carol",
    "carol, carol",
    "carol@, carol",
    "one@here.example, alice",
    "ONE+x@also.example, alice",
    "one, alice",
    "two@here.example, alice bob",
    "chain@here.example, alice carol",
    "tovirtual@here.example, alice",
    "alice@here.example, alice",
    "keep@here.example, alice",
    "loops@here.example, bob",
    "list@here.example, carol alice",
    "again@here.example, alice",
    "bob+ext@here.example, carol",
    "news@here.example, carol",
    "list-request@here.example, alice",
    "info@virtual.example, alice",
    "Info+x@Virtual.example, alice",
    "both@virtual.example, alice carol",
    "team@virtual.example, alice",
    "any@virtual.example, catchall",
    "carol+x@moved.example, carol",
    "one@moved.example, alice",
    "bob@here.example, carol",
    "bob, carol",
    "dave@here.example, alice",
    "dave@also.example, dave",
    "a@b@here.example, a@b",
  })
  void recipient_meansUsers(String recipient, String users) {
    Targets targets = rules.of(recipient);
    Set<String> expected = Set.of(users.split(" "));
    assertEquals(expected, targets instanceof Targets.Users u ? Set.copyOf(names(u)) : targets);
  }

  @ParameterizedTest
  @CsvSource({
    // recipient, why nobody is asked
    "alice@far.example, not a local domain",
    "alice@sub.here.example, not a local domain",
    "alice@here.example.far.example, not a local domain",
    "self@virtual.example, not a local domain",
    "out@virtual.example, not a local domain",
    "mixed@here.example, not a local domain",
    "ring@virtual.example, expands to nobody",
    "prog@here.example, alias to a program or file",
    "file@here.example, alias to a program or file",
    "loop@here.example, expands to nobody",
    "lost@here.example, included file not read",
    "odd@here.example, alias to a program or file",
    "wide@here.example, expands to too much",
    "postmaster@here.example, exempt",
    "POSTMASTER@far.example, exempt",
    "abuse+x@here.example, exempt",
    "\\postmaster@here.example, exempt",
    "chief@here.example, exempt",
    "friend@here.example, exempt",
    "vip, exempt",
    "boss+x@here.example, exempt",
    "BOSS@Here.example, exempt",
    "x@free.example, exempt",
    "member@here.example, exempt",
    "'', no account can have this name",
    "@here.example, no account can have this name",
    "a/b@here.example, no account can have this name",
  })
  void recipient_isElsewhere(String recipient, String reason) {
    assertEquals(new Targets.Elsewhere(reason), rules.of(recipient));
  }

  @Test
  void exemptRecipient_isNotItsUser() {
    assertEquals(List.of("boss"), names(rules.of("boss@also.example")));
  }

  @Test
  void asManyUsersAsTheBound_areAsked() {
    Targets targets = rules.of("long@here.example");
    assertEquals(
        Expansion.MAX_USERS, targets instanceof Targets.Users users ? users.users().size() : -1);
  }

  @Test
  void withoutDomains_everyDomainIsLocal() {
    Recipients all =
        new Recipients(
            new RecipientDelimiter("+"), LocalDomains.ALL, Exemptions.NONE, Aliases.NONE);
    assertEquals(List.of("alice"), names(all.of("alice@any.example")));
    assertEquals(List.of("postmaster"), names(all.of("postmaster@any.example")));
  }

  @Test
  void delimiterMinus_doesNotSplitOwnersAndRequests() {
    Recipients minus =
        new Recipients(
            new RecipientDelimiter("-"),
            LocalDomains.ALL,
            Exemptions.NONE,
            new Aliases(
                AliasFile.ofAliases("list-request: alice\nlist: bob").entries(),
                Map.of(),
                Map.of()));
    assertEquals(List.of("alice"), names(minus.of("list-request@x")));
    assertEquals(List.of("bob"), names(minus.of("list-other@x")));
    assertEquals(List.of("owner-list"), names(minus.of("owner-list@x")));
  }

  private static List<String> names(Targets targets) {
    return ((Targets.Users) targets).users().stream().map(Targets.User::name).toList();
  }
}
