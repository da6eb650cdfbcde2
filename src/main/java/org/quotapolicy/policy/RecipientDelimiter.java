// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.Optional;
import java.util.Set;

/**
 * The recipient delimiter: a set of characters, the first of which in a local part ends the user.
 *
 * <p>Sources: Postfix src/local/recipient.c (deliver_recipient, deliver_switch),
 * src/global/split_addr.c, postconf(5) recipient_delimiter. Only ASCII letters are folded, as
 * local(8) does for addresses without SMTPUTF8.
 *
 * @param characters the set, one byte a char; empty = no extension is ever split off
 */
public record RecipientDelimiter(String characters) {
  private static final int MAX_USER = 255;
  private static final Set<String> NEVER_SPLIT =
      Set.of("postmaster", "mailer-daemon", "double-bounce");

  /**
   * The Unix user that local(8) would deliver to, ignoring aliases and domains.
   *
   * @param recipient as in an access policy request: internal form, with or without domain
   * @return empty if it cannot be the name of an account, so that there is nothing to ask
   */
  public Optional<String> localUser(String recipient) {
    return userOf(Address.of(recipient).localPart());
  }

  /** The Unix user that a local part means; empty if no account can have that name. */
  Optional<String> userOf(String localPart) {
    String user = withoutBackslash(withoutExtension(localPart));
    return Optional.of(user).filter(RecipientDelimiter::canBeAccount);
  }

  /** The local part, folded, without what follows the first delimiter. */
  String withoutExtension(String localPart) {
    String folded = Address.foldAscii(localPart);
    int end = 0;
    while (end < folded.length() && characters.indexOf(folded.charAt(end)) < 0) {
      end++;
    }
    boolean isWhole = end == 0 || end == folded.length() || isNeverSplit(folded);
    return isWhole ? folded : folded.substring(0, end);
  }

  private boolean isNeverSplit(String localPart) {
    return NEVER_SPLIT.contains(localPart)
        || (characters.indexOf('-') >= 0 && isOwnerOrRequest(localPart));
  }

  /** {@code -request} needs something before it, {@code owner-} nothing behind it. */
  private static boolean isOwnerOrRequest(String localPart) {
    return localPart.startsWith("owner-")
        || (localPart.endsWith("-request") && localPart.length() > "-request".length());
  }

  /** One leading backslash means "no alias, no .forward"; it is taken off after the split. */
  static String withoutBackslash(String user) {
    return user.startsWith("\\") ? user.substring(1) : user;
  }

  private static boolean canBeAccount(String user) {
    for (int i = 0; i < user.length(); i++) {
      if ("\0\n/:".indexOf(user.charAt(i)) >= 0) {
        return false;
      }
    }
    return !user.isEmpty() && user.length() <= MAX_USER;
  }
}
