// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.policy.MailboxTemplate.Expanded;

class MailboxTemplateTest {

  @ParameterizedTest
  @CsvSource({
    "%h/,               /home/bob/",
    "%h/Maildir/,       /home/bob/Maildir/",
    "/var/mail/%u,      /var/mail/bob",
    "/vmail/%d/%u/,     /vmail/a.example/bob/",
    "/vmail/%u@%d,      /vmail/bob@a.example",
    "%h,                /home/bob",
    "/100%%/%%u/%u,     /100%/%u/bob",
    "/fixed/,           /fixed/",
  })
  void placeholders_areFilled(String text, String path) throws Exception {
    assertEquals(
        new Expanded.Path(path),
        MailboxTemplate.parse(text).expand("bob", "/home/bob", "a.example"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mail/%u", "%u", "%%h/", "%d/x", "/%", "/%x", "/%%%", "/a\0b", " /x"})
  void text_thatIsNoPlace_isRefused(String text) {
    assertThrows(InvalidMailboxException.class, () -> MailboxTemplate.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "%h/, true, true, false",
    "%h, false, true, false",
    "/m/%u, false, false, false",
    "/%d/%u/, true, false, true",
    "/%%d/%%h, false, false, false",
    "/%%%d, false, false, true",
  })
  void text_saysWhatItIs(String text, boolean maildir, boolean inHome, boolean hasDomain)
      throws Exception {
    MailboxTemplate template = MailboxTemplate.parse(text);
    assertEquals(maildir, template.isMaildir());
    assertEquals(inHome, template.isInHome());
    assertEquals(hasDomain, template.hasDomain());
  }

  /** Whoever sends mail chooses these. */
  @ParameterizedTest
  @CsvSource({
    "'', a.example",
    "., a.example",
    ".., a.example",
    "../../etc, a.example",
    "a/b, a.example",
    "a..b, a.example",
    "bob, ''",
    "bob, ..",
    "bob, .",
    "bob, ../x",
    "bob, a/b",
  })
  void value_thatIsNoPartOfAName_leadsNowhere(String user, String domain) throws Exception {
    Expanded expanded = MailboxTemplate.parse("/vmail/%d/%u/").expand(user, "/home/bob", domain);
    assertTrue(expanded instanceof Expanded.Nowhere, expanded.toString());
  }

  @Test
  void value_withNul_leadsNowhere() throws Exception {
    assertTrue(MailboxTemplate.parse("/v/%u").expand("a\0b", "/h", "") instanceof Expanded.Nowhere);
  }

  /** What no placeholder asks for does not matter. */
  @Test
  void value_thatIsNotPutIn_isNotLookedAt() throws Exception {
    assertEquals(
        new Expanded.Path("/home/bob/"), MailboxTemplate.HOME.expand("..", "/home/bob", "../.."));
  }

  /**
   * Whatever is put in: the names of the path are as many as the template has, and none goes up.
   */
  @Test
  void anyValue_staysWhereTheTemplateLeads() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    List<String> pieces = List.of(".", "..", "/", "a", "%u", "%h", "%", "\0", "\n", "\u00e9", "@");
    int there = 0;
    for (int i = 0; i < 50_000; i++) {
      String user = text(random, pieces);
      String domain = text(random, pieces);
      for (String template : List.of("/v/%d/.%u.", "/v/%u%d/x/", "/v/.%d/%u%u")) {
        Expanded expanded = MailboxTemplate.parse(template).expand(user, "/home/bob", domain);
        if (expanded instanceof Expanded.Path path) {
          there++;
          String what = "seed " + seed + ": " + path;
          assertTrue(path.path().startsWith("/v/"), what);
          assertEquals(slashes(template), slashes(path.path()), what);
          assertFalse((path.path() + "/").contains("/../"), what);
          assertFalse((path.path() + "/").contains("/./"), what);
        }
      }
    }
    assertTrue(there > 10_000, "too few: " + there);
  }

  private static String text(SplittableRandom random, List<String> pieces) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }

  private static long slashes(String text) {
    return text.chars().filter(c -> c == '/').count();
  }
}
