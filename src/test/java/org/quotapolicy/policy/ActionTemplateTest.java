// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionTemplateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // template; recipient; action
        "552 5.2.2 Mailbox of %r is full; alice@example.org;"
            + " 552 5.2.2 Mailbox of alice@example.org is full",
        "552 5.2.2 %r; a@b; 552 5.2.2 a@b",
        "reject 5.2.2 %r; a@b; REJECT 5.2.2 a@b",
        "450 Full: ask postmaster@%d; a@Example.org; 450 Full: ask postmaster@example.org",
        "450 It is 100%% full; a@b; 450 It is 100% full",
        "450 Full: %%r; a@b; 450 Full: %r",
        "450 Full: %r%d%%; a@b; 450 Full: a@bb%",
        "450 Full: %r; %r%d; 450 Full: %r%d",
        "450 Full: %r; a b@c\u00e9; 450 Full: a?b@c?",
        "450 Full: <%r>; ''; 450 Full: <?>",
        "temporary; a@b; DEFER_IF_PERMIT 4.2.2 Mailbox is full, please try again later",
        "permanent; a@b; 552 5.2.2 Mailbox is full",
        "DUNNO; a@b; DUNNO",
      })
  void template_isFilled(String template, String recipient, String action) throws Exception {
    assertEquals(Action.parse(action), ActionTemplate.parse(template).actionFor(recipient.strip()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "OK",
        "%r",
        "%% full",
        "450 %r is full",
        "450 <%r> is full",
        "450 4.2.%d full",
        "5%r full mailbox",
        "450 Full: %u",
        "450 Full: %",
        "450 Full: %\n",
        "450 Full: %r\n",
        "450 Full: \r%r",
        "DUNNO it %r",
        "FILTER smtp: %r",
        "REDIRECT to %r",
        "Permanent",
        "450 5.2.2 Full: %r",
      })
  void template_thatCouldMakeSomethingElse_isInvalid(String template) {
    assertThrows(InvalidActionException.class, () -> ActionTemplate.parse(template));
  }

  @Test
  void lineEnds_neverComeIn() throws Exception {
    ActionTemplate template = ActionTemplate.parse("450 Full: %r");
    assertEquals(
        Action.parse("450 Full: a??action=OK??@b"), template.actionFor("a\r\naction=OK\n\n@b"));
  }

  @Test
  void longRecipient_isCut() throws Exception {
    ActionTemplate template = ActionTemplate.parse("450 Full: %r");
    assertEquals("450 Full: " + "x".repeat(200), template.actionFor("x".repeat(200)).toString());
    assertEquals(
        "450 Full: " + "x".repeat(200) + "...", template.actionFor("x".repeat(4096)).toString());
  }

  @Test
  void templateWithoutPlaceholder_isOneAction() throws Exception {
    ActionTemplate template = ActionTemplate.parse("450 Full");
    assertSame(template.actionFor("a"), template.actionFor("b"));
  }
}
