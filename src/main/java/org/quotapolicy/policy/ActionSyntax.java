// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts are actions that may be sent, and why the others are not.
 *
 * <p>Sources: Postfix src/smtpd/smtpd_check.c (check_table_result), src/global/dsn_util.c
 * (dsn_valid), access(5); RFC 5321 section 4.2 (reply codes), RFC 3463 (enhanced status codes).
 */
final class ActionSyntax {
  private static final Pattern KEYWORD_AND_TEXT = Pattern.compile("([^ \\t]+)(?:[ \\t]+(.*))?");
  private static final Pattern REPLY_CODE = Pattern.compile("[45][0-5][0-9]");
  private static final Pattern LIKE_STATUS = Pattern.compile("([0-9]+(?:\\.[0-9]+){2}\\S*) *(.*)");
  private static final Pattern STATUS = Pattern.compile("[0-9](?:\\.[0-9]{1,3}){2}");

  private static final String DUNNO = "DUNNO";
  private static final Set<String> DEFERRALS =
      Set.of("DEFER_IF_PERMIT", "DEFER_IF_REJECT", "DEFER");
  private static final String REJECT = "REJECT";

  /** What access(5) knows besides, and what it would do. */
  private static final Map<String, String> FORBIDDEN =
      Map.ofEntries(
          Map.entry("OK", "accepts the mail before later restrictions are asked"),
          Map.entry("RELAY", "accepts the mail before later restrictions are asked"),
          Map.entry("PERMIT", "accepts the mail before later restrictions are asked"),
          Map.entry("DISCARD", "loses the mail"),
          Map.entry("REDIRECT", "sends the mail to somebody else"),
          Map.entry("BCC", "sends the mail to somebody else, too"),
          Map.entry("FILTER", "changes the way of the mail"),
          Map.entry("HOLD", "stops the mail for all recipients"),
          Map.entry("PREPEND", "changes the mail"),
          Map.entry("WARN", "does not refuse the mail"),
          Map.entry("INFO", "does not refuse the mail"),
          Map.entry("HANGUP", "ends the session without a reply"));

  private ActionSyntax() {}

  /** The action in the form that is sent. */
  static String normalise(String given) throws InvalidActionException {
    String action = strip(given);
    checkCharacters(action);
    Matcher parts = KEYWORD_AND_TEXT.matcher(action);
    if (!parts.matches()) {
      throw invalid("it is empty, which Postfix takes as permission");
    }
    String keyword = parts.group(1).toUpperCase(Locale.ROOT);
    String text = parts.group(2) == null ? "" : parts.group(2);
    return keyword.equals(DUNNO) ? dunno(text) : refusal(keyword, text);
  }

  private static String strip(String text) {
    return text.replaceAll("^[ \\t]+|[ \\t]+$", "");
  }

  private static void checkCharacters(String action) throws InvalidActionException {
    for (int c : action.codePoints().toArray()) {
      if (Character.isISOControl(c) && c != '\t') {
        throw invalid(String.format(Locale.ROOT, "it holds the control character U+%04X", c));
      }
      if (c == 0x2028 || c == 0x2029) {
        throw invalid("it holds a Unicode line separator");
      }
    }
    try {
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(action));
    } catch (CharacterCodingException e) {
      throw invalid("it is not valid Unicode text");
    }
    if (action.indexOf(0xFFFD) >= 0) {
      throw invalid("it is not valid UTF-8 (or not in the encoding of this locale)");
    }
  }

  private static String dunno(String text) throws InvalidActionException {
    if (!text.isEmpty()) {
      throw invalid("DUNNO takes no text");
    }
    return DUNNO;
  }

  private static String refusal(String keyword, String text) throws InvalidActionException {
    char statusClass = statusClass(keyword);
    if (text.indexOf('\t') >= 0) {
      throw invalid("its text holds a tab");
    }
    checkText(keyword, statusClass, text);
    return keyword + " " + text;
  }

  /** The class digit that goes with a keyword: 4 = try again, 5 = for good. */
  private static char statusClass(String keyword) throws InvalidActionException {
    if (DEFERRALS.contains(keyword)) {
      return '4';
    }
    if (keyword.equals(REJECT)) {
      return '5';
    }
    if (keyword.chars().allMatch(c -> c >= '0' && c <= '9')) {
      checkReplyCode(keyword);
      return keyword.charAt(0);
    }
    throw notAllowed(keyword);
  }

  private static void checkReplyCode(String code) throws InvalidActionException {
    if (!REPLY_CODE.matcher(code).matches()) {
      throw invalid("the reply code " + code + " is none of 400-459 and 500-559 (RFC 5321, 4.2)");
    }
    if (code.endsWith("21")) {
      throw invalid(code + " makes Postfix end the session, for all other recipients too");
    }
  }

  private static InvalidActionException notAllowed(String keyword) {
    String reason = FORBIDDEN.get(keyword);
    return invalid(
        reason == null
            ? "\"" + keyword + "\" is not an action of this program"
            : keyword + " " + reason);
  }

  private static void checkText(String keyword, char statusClass, String text)
      throws InvalidActionException {
    Matcher status = LIKE_STATUS.matcher(text);
    String sentence = text;
    if (status.matches()) {
      checkStatus(keyword, statusClass, status.group(1));
      sentence = status.group(2);
    }
    if (sentence.isEmpty()) {
      throw invalid(keyword + " needs a text that tells the sender why");
    }
  }

  private static void checkStatus(String keyword, char statusClass, String status)
      throws InvalidActionException {
    if (!STATUS.matcher(status).matches()) {
      throw invalid(status + " is not an enhanced status code like 4.2.2 (RFC 3463)");
    }
    if (status.charAt(0) != statusClass) {
      throw invalid(
          keyword + " goes with an enhanced status code " + statusClass + ".X.X, not " + status);
    }
  }

  private static InvalidActionException invalid(String reason) {
    return new InvalidActionException(
        reason
            + "; allowed are DUNNO, and DEFER_IF_PERMIT, DEFER_IF_REJECT, DEFER, REJECT,"
            + " 4NN or 5NN, each with a text");
  }
}
