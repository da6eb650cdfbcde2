// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A mail address in the internal form: no quotes, taken apart at the last {@code @}.
 *
 * <p>Each byte is one char (ISO 8859-1). Source: Postfix SMTPD_POLICY_README, trivial-rewrite(8).
 *
 * @param localPart case kept
 * @param domain folded, without a dot at its end; empty = none, which Postfix completes
 */
record Address(String localPart, String domain) {

  static Address of(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0) {
      return new Address(text, "");
    }
    String domain = text.substring(at + 1);
    String bare = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    return new Address(text.substring(0, at), foldDomain(bare));
  }

  /** The same address if and only if this is the same text. */
  String key() {
    return domain.isEmpty() ? foldAscii(localPart) : foldAscii(localPart) + "@" + domain;
  }

  /** Folds ASCII letters, as local(8) does for addresses without SMTPUTF8. */
  static String foldAscii(String text) {
    int end = 0;
    while (end < text.length() && !isCapital(text.charAt(end))) {
      end++;
    }
    return end == text.length() ? text : folded(text, end);
  }

  private static String folded(String text, int from) {
    StringBuilder folded = new StringBuilder(text);
    for (int i = from; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (isCapital(c)) {
        folded.setCharAt(i, (char) (c - 'A' + 'a'));
      }
    }
    return folded.toString();
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** Folds all letters of a name in UTF-8, as Postfix does in tables of domains. */
  static String foldDomain(String name) {
    return isAscii(name) ? foldAscii(name) : foldUtf8(name);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static String foldUtf8(String name) {
    try {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      byte[] folded = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
      return new String(folded, StandardCharsets.ISO_8859_1);
    } catch (CharacterCodingException e) {
      return foldAscii(name);
    }
  }
}
