// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.mailbox.MailboxPath;
import org.quotapolicy.mailbox.MailboxPath.Form;
import org.quotapolicy.mailbox.Mailboxes;
import org.quotapolicy.policy.MailboxTemplate;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.policy.Targets;

class PathsTest {

  @ParameterizedTest
  @CsvSource({
    "/var/mail/%u,  true,  /var/mail/bob,  LOCKED_MBOX, true",
    "/var/mail/%u,  false, /var/mail/bob,  MBOX,        true",
    "%h/mbox,       true,  /home/bob/mbox, LOCKED_MBOX, false",
    "/var/mail/%u/, true,  /var/mail/bob/, MAILDIR,     false",
  })
  void template_isForItsUser(
      String template, boolean isLocked, String path, Form form, boolean isInSpool) {
    Storage storage = new Storage(List.of(new MailboxTemplate(template)), Optional.empty());
    Paths paths = Paths.of(storage.locked(isLocked), new Targets.User("bob", ""), "/home/bob");
    MailboxPath expected = new MailboxPath(path, form, isInSpool);
    assertEquals(new Mailboxes.At(List.of(expected)), paths.mailboxes());
  }
}
