// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.List;
import java.util.Optional;

/**
 * Where mail is stored, and to whom it belongs there.
 *
 * @param mailboxes a message is stored in each of them; if there are none, on every filesystem that
 *     has quotas for the user
 * @param charge the account that all mail belongs to, each byte as one char; empty: to its user
 * @param isLocked whether Postfix makes a lock file beside an mbox while it writes to it
 */
public record Storage(List<MailboxTemplate> mailboxes, Optional<String> charge, boolean isLocked) {
  /** In the user's home directory, and his own. */
  public static final Storage HOME = new Storage(List.of(MailboxTemplate.HOME), Optional.empty());

  public Storage {
    mailboxes = List.copyOf(mailboxes);
  }

  /** Of a Postfix that is as it comes. */
  public Storage(List<MailboxTemplate> mailboxes, Optional<String> charge) {
    this(mailboxes, charge, true);
  }

  /** The same, of a Postfix that makes lock files or does not. */
  public Storage locked(boolean isSo) {
    return new Storage(mailboxes, charge, isSo);
  }

  /** Whether any is an mbox. */
  public boolean hasMbox() {
    return mailboxes.stream().anyMatch(mailbox -> !mailbox.isMaildir());
  }

  /** How many files a message is written to, with the lock files beside them. */
  public int files() {
    long mboxes = mailboxes.stream().filter(mailbox -> !mailbox.isMaildir()).count();
    return mailboxes.size() + (isLocked ? (int) mboxes : 0);
  }

  /** The account whose quotas count for a user. */
  public String accountOf(String user) {
    return charge.orElse(user);
  }

  /** Why it cannot be told if the name service knows no account of a user. */
  public Optional<String> missing() {
    return charge.map(name -> "there is no user " + name + ", whom mail is charged to");
  }

  /** Whether it takes an address to tell where mail is stored, and not only a user. */
  public boolean isByAddress() {
    return charge.isPresent() || mailboxes.stream().anyMatch(MailboxTemplate::hasDomain);
  }

  /** Whether local(8) makes an mbox there, for the user himself. */
  public boolean isSpool(MailboxTemplate mailbox) {
    return charge.isEmpty() && !mailbox.isMaildir() && !mailbox.isInHome();
  }

  /** Whether every filesystem counts. */
  public boolean isEverywhere() {
    return mailboxes.isEmpty();
  }
}
