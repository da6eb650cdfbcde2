// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecipientsProperties {
  private static final List<String> PIECES =
      List.of(
          "alice",
          "bob",
          "list",
          "a",
          "b",
          "@",
          "@",
          "@here.example",
          "@far.example",
          "+",
          "-",
          "\"",
          "\\",
          "|",
          "/",
          ":include:/f",
          "(",
          ")",
          "<",
          ">",
          ",",
          ",",
          " ",
          "\t",
          "\n",
          "\n",
          "\n ",
          ":",
          ": ",
          ": ",
          "#",
          "%r",
          "owner-",
          "\0",
          "\r",
          "\u0085",
          "\u00ff",
          ";",
          "~",
          "postmaster");

  private static final List<String> TEMPLATES =
      List.of("450 4.2.2 Full: %r", "552 5.2.2 %r", "DEFER_IF_PERMIT No room for %r at %d%%");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  private String text(int most) {
    return Stream.generate(() -> PIECES.get(random.nextInt(PIECES.size())))
        .limit(random.nextInt(most))
        .collect(Collectors.joining());
  }

  @Test
  void anyFilesAndRecipient_endInBoundedUsersOrElsewhere() {
    int users = 0;
    for (int i = 0; i < 20_000; i++) {
      Aliases aliases =
          new Aliases(
              AliasFile.ofAliases(text(120)).entries(),
              AliasFile.ofVirtual(text(60)).entries(),
              java.util.Map.of("/f", AliasFile.ofInclude(text(20))));
      Recipients rules =
          new Recipients(
              new RecipientDelimiter("+-"),
              random.nextBoolean()
                  ? LocalDomains.ALL
                  : LocalDomains.of(List.of("here.example", "@")),
              Exemptions.of(List.of("postmaster")),
              aliases);
      if (rules.of(text(6)) instanceof Targets.Users some) {
        users++;
        assertFalse(some.users().isEmpty(), () -> "seed " + seed);
        assertTrue(some.users().size() <= Expansion.MAX_USERS, () -> "seed " + seed);
        some.users().forEach(user -> assertCanBeAccount(user.name()));
      }
    }
    assertTrue(users > 1_000, "too few users: " + users + ", seed " + seed);
  }

  private void assertCanBeAccount(String user) {
    assertEquals(List.of(), user.chars().filter(c -> "\n\0/:".indexOf(c) >= 0).boxed().toList());
    assertFalse(user.isEmpty() || user.equals("postmaster"), () -> "seed " + seed + ": " + user);
  }

  @Test
  void anyRecipient_makesNoOtherKindOfAction() throws Exception {
    for (String text : TEMPLATES) {
      ActionTemplate template = ActionTemplate.parse(text);
      String before = text.substring(0, text.indexOf('%'));
      for (int i = 0; i < 10_000; i++) {
        String recipient = text(12);
        String action = template.actionFor(recipient).toString();
        assertTrue(action.startsWith(before), () -> "seed " + seed + ": " + action);
        assertTrue(
            action.chars().allMatch(c -> c >= ' ' && c <= '~'),
            () -> "seed " + seed + ": " + action);
      }
    }
  }
}
