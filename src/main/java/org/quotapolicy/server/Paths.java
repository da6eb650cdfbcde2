// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Judge;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.MailboxPath;
import org.quotapolicy.mailbox.MailboxPath.Form;
import org.quotapolicy.mailbox.Mailboxes;
import org.quotapolicy.policy.MailboxTemplate;
import org.quotapolicy.policy.MailboxTemplate.Expanded;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.policy.Targets;
import org.quotapolicy.verdict.Need;

/**
 * Where one user's mail is stored.
 *
 * @param nowhere of each mailbox that there is no path for, the reason
 */
public record Paths(Mailboxes mailboxes, List<String> nowhere) {

  /**
   * What templates come to for a user.
   *
   * @param home of the account that is charged
   */
  public static Paths of(Storage storage, Targets.User user, String home) {
    if (storage.isEverywhere()) {
      return new Paths(new Mailboxes.Everywhere(), List.of());
    }
    List<MailboxPath> paths = new ArrayList<>();
    List<String> nowhere = new ArrayList<>();
    for (MailboxTemplate template : storage.mailboxes()) {
      Expanded expanded = template.expand(user.name(), home, user.domain());
      if (expanded instanceof Expanded.Path there) {
        paths.add(
            new MailboxPath(there.path(), form(storage, template), storage.isSpool(template)));
      } else {
        nowhere.add(((Expanded.Nowhere) expanded).reason());
      }
    }
    return new Paths(new Mailboxes.At(paths), nowhere);
  }

  private static Form form(Storage storage, MailboxTemplate template) {
    if (template.isMaildir()) {
      return Form.MAILDIR;
    }
    return storage.isLocked() ? Form.LOCKED_MBOX : Form.MBOX;
  }

  /** The judgement of all of them; see {@link Judge#judge}. */
  public Judgement judge(Judge judge, AccountQuotas account, Need message, Instant now) {
    Judgement judgement = judge.judge(account, mailboxes, message, now);
    for (String reason : nowhere) {
      judgement = judgement.and(Judged.unknown("", message, reason));
    }
    return judgement;
  }
}
