// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientDelimiterTest {

  @ParameterizedTest
  @CsvSource({
    // recipient, delimiters, user
    "alice, +, alice",
    "alice@example.com, +, alice",
    "ALICE@example.com, +, alice",
    "NoBody+X@example.com, +, nobody",
    "a@b@c, +, a@b",
    "alice+x, +, alice",
    "alice+, +, alice",
    "alice+x+y, +, alice",
    "alice+x@y+z@c, +, alice",
    "alice@b+c.example, +, alice",
    "+alice, +, +alice",
    "+, +, +",
    "+alice+x, +, +alice+x",
    "alice-x, +, alice-x",
    "alice-x+y, +-, alice",
    "alice+x-y, +-, alice",
    "alice-x+y, -+, alice",
    "-alice+x, +-, -alice+x",
    "alice+x, '', alice+x",
    "Postmaster, +, postmaster",
    "postmaster, po, postmaster",
    "POSTMASTER@c, t, postmaster",
    "postmaster+x, +, postmaster",
    "postmasterx, t, pos",
    "MAILER-DAEMON, -, mailer-daemon",
    "Double-Bounce, -, double-bounce",
    "owner-list, -, owner-list",
    "Owner-list, -, owner-list",
    "owner-, -, owner-",
    "owner-list+x, +-, owner-list+x",
    "owner-list+x, +, owner-list",
    "owners-list, -, owners",
    "list-request, -, list-request",
    "list-REQUEST@c, -, list-request",
    "my-list-request, -, my-list-request",
    "list+x-request, +-, list+x-request",
    "list+x-request, +, list",
    "-request, -, -request",
    "list-requests, -, list",
    "\\alice, +, alice",
    "\\Alice+x@c, +, alice",
    "\\\\alice, +, \\alice",
    "\\owner-list, -, owner",
    "' alice ', +, ' alice '",
    "|prog, +, |prog",
    "a=b, +, a=b",
    "bob%example.com@here, +, bob%example.com",
  })
  void user_asLocal8(String recipient, String delimiters, String user) {
    assertEquals(Optional.of(user), new RecipientDelimiter(delimiters).localUser(recipient));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "@example.com",
        "\\",
        "\\@c",
        "\\+x",
        "a/b",
        "/a@c",
        "a:b",
        "a\nb",
        "\0",
        "a\0b@c"
      })
  void user_noAccountCanHave_isNothingToAsk(String recipient) {
    assertEquals(Optional.empty(), new RecipientDelimiter("+").localUser(recipient));
  }

  @Test
  void extension_withSlash_isNoObstacle() {
    assertEquals(Optional.of("alice"), new RecipientDelimiter("+").localUser("alice+a/b@c"));
  }

  @Test
  void user_upTo255Bytes_isAsked() {
    RecipientDelimiter plus = new RecipientDelimiter("+");
    assertEquals(Optional.of("u".repeat(255)), plus.localUser("u".repeat(255) + "+x@c"));
    assertEquals(Optional.empty(), plus.localUser("u".repeat(256)));
  }

  @Test
  void otherBytes_areKeptAsTheyAre() {
    assertEquals(
        Optional.of("\u00c3\u0084x\u00ff"),
        new RecipientDelimiter("+").localUser("\u00c3\u0084X\u00ff+y@c"));
  }
}
