// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionTest {

  private static String reply(Action action) {
    return StandardCharsets.UTF_8.decode(action.reply()).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "DUNNO, DUNNO",
    "dunno, DUNNO",
    "' DUNNO\t', DUNNO",
    "REJECT Full, REJECT Full",
    "reject \t Full, REJECT Full",
    "Reject 5.2.2 Full, REJECT 5.2.2 Full",
    "DEFER 4.2.2 Full, DEFER 4.2.2 Full",
    "defer_if_permit 4.2.2 Full, DEFER_IF_PERMIT 4.2.2 Full",
    "DEFER_IF_REJECT Full, DEFER_IF_REJECT Full",
    "452 4.2.2 Full, 452 4.2.2 Full",
    "552 5.2.2 Full, 552 5.2.2 Full",
    "400 x, 400 x",
    "459 x, 459 x",
    "500 x, 500 x",
    "559 x, 559 x",
    "522 x, 522 x",
    "450 4.0.0 x, 450 4.0.0 x",
    "450 4.222.999 x, 450 4.222.999 x",
    "REJECT 5 of 5 disks are full, REJECT 5 of 5 disks are full",
    "REJECT 2.5 GB is too large, REJECT 2.5 GB is too large",
    "REJECT OK, REJECT OK",
  })
  void action_allowed_isSentNormalised(String given, String sent) throws Exception {
    Action action = Action.parse(given);
    assertEquals("action=" + sent + "\n\n", reply(action));
    assertEquals(sent, action.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|empty",
        "' \t'|empty",
        "OK|accepts",
        "ok Full|accepts",
        "permit|accepts",
        "RELAY x|accepts",
        "DISCARD x|loses",
        "REDIRECT a@b|somebody else",
        "BCC a@b|somebody else",
        "FILTER smtp:x|way",
        "HOLD x|stops",
        "PREPEND X: y|changes",
        "WARN x|does not refuse",
        "INFO x|does not refuse",
        "HANGUP|ends",
        "reject_unauth_destination|not an action",
        "permit_mynetworks x|not an action",
        "check_sender_access hash:/x|not an action",
        "REJECTED x|not an action",
        "DEFER_IF x|not an action",
        "4.2.2 x|not an action",
        "45x x|not an action",
        "-450 x|not an action",
        "\u0664\u0665\u0660 x|not an action",
        "action=DUNNO|not an action",
        "REJECT,x|not an action",
        "DUNNO x|no text",
        "REJECT|needs a text",
        "DEFER|needs a text",
        "DEFER_IF_PERMIT |needs a text",
        "DEFER_IF_REJECT\t|needs a text",
        "450|needs a text",
        "550 |needs a text",
        "450 4.2.2|needs a text",
        "REJECT 5.2.2 |needs a text",
        "1234567890|reply code",
        "1|reply code",
        "45 x|reply code",
        "4500 x|reply code",
        "200 x|reply code",
        "250 x|reply code",
        "354 x|reply code",
        "399 x|reply code",
        "460 x|reply code",
        "499 x|reply code",
        "560 x|reply code",
        "600 x|reply code",
        "421 x|session",
        "521 x|session",
        "450 5.2.2 x|4.X.X",
        "550 4.2.2 x|5.X.X",
        "552 2.2.2 x|5.X.X",
        "REJECT 4.2.2 x|5.X.X",
        "DEFER 5.2.2 x|4.X.X",
        "DEFER_IF_PERMIT 5.2.2 x|4.X.X",
        "DEFER_IF_REJECT 5.2.2 x|4.X.X",
        "450 4.2.2: x|enhanced",
        "450 4.2.2.2 x|enhanced",
        "450 4.2222.2 x|enhanced",
        "450 44.2.2 x|enhanced",
        "REJECT a\tb|tab",
        "REJECT a\u2028b|separator",
        "REJECT a\ud800b|Unicode",
        "REJECT a\ufffdb|UTF-8",
      })
  void action_notAllowed_saysWhy(String given, String reason) {
    InvalidActionException e =
        assertThrows(InvalidActionException.class, () -> Action.parse(given));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REJECT a\rb",
        "REJECT a\nb",
        "REJECT a\n",
        "\nREJECT a",
        "REJECT\na",
        "DUNNO\n",
        "REJECT a\n\naction=OK",
        "REJECT a\r\naction=OK",
        "REJECT a\0b",
        "REJECT a\u007fb",
        "REJECT a\u0085b",
        "REJECT a\u001bb",
      })
  void controlCharacter_anywhere_isInvalid(String given) {
    InvalidActionException e =
        assertThrows(InvalidActionException.class, () -> Action.parse(given));
    assertTrue(String.valueOf(e.getMessage()).startsWith("it holds the control character U+00"));
  }

  @Test
  void keyword_notAllowed_isShownOnOneLine() {
    InvalidActionException e =
        assertThrows(InvalidActionException.class, () -> Action.parse("FOO bar"));
    assertEquals(
        "\"FOO\" is not an action of this program; allowed are DUNNO, and DEFER_IF_PERMIT,"
            + " DEFER_IF_REJECT, DEFER, REJECT, 4NN or 5NN, each with a text",
        e.getMessage());
  }

  @Test
  void dunno_howeverMade_isTheSame() throws Exception {
    assertSame(Action.DUNNO, Action.parse("Dunno"));
    assertEquals("action=DUNNO\n\n", reply(Action.DUNNO));
  }

  @Test
  void defaultAction_isValid() throws Exception {
    assertEquals(Action.DEFAULT_OVER_QUOTA, Action.parse(Action.DEFAULT_OVER_QUOTA.toString()));
    assertEquals(
        "action=DEFER_IF_PERMIT 4.2.2 Mailbox is full, please try again later\n\n",
        reply(Action.DEFAULT_OVER_QUOTA));
  }

  @Test
  void reply_readTwice_isWholeBothTimes() {
    reply(Action.DUNNO);
    assertEquals("action=DUNNO\n\n", reply(Action.DUNNO));
    assertTrue(Action.DUNNO.reply().isReadOnly());
  }

  @ParameterizedTest
  @CsvSource({
    "x, 503, 503",
    "x, 504, 503",
    "\u00e4, 252, 251",
    "\u20ac, 168, 167",
    "\ud83d\udce6, 126, 125"
  })
  void reply_tooLong_isCutAtACharacter(String character, int given, int sent) throws Exception {
    Action action = Action.parse("REJECT " + character.repeat(given));
    assertEquals("action=REJECT " + character.repeat(sent) + "\n\n", reply(action));
  }
}
