// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.policy.MailboxTemplate;
import org.quotapolicy.policy.Storage;

class LockFilesTest {
  private static final String DEFAULTS =
      """
      local_transport = local:host.example
      mailbox_command =
      mailbox_command_maps =
      mailbox_delivery_lock = fcntl, dotlock
      mailbox_transport =
      mailbox_transport_maps =
      virtual_mailbox_lock = fcntl, dotlock
      virtual_transport = virtual
      """;

  /** Each row: a parameter that is otherwise; whether local(8) and virtual(8) make lock files. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '',                                        true,  true
          mailbox_delivery_lock = fcntl,             false, true
          mailbox_delivery_lock = dotlock,           true,  true
          'mailbox_delivery_lock = flock,dotlock',   true,  true
          mailbox_delivery_lock = dotlocks,          false, true
          mailbox_command = /usr/bin/procmail,       false, true
          mailbox_command_maps = hash:/etc/commands, false, true
          mailbox_transport = lmtp:unix:lmtp,        false, true
          mailbox_transport_maps = hash:/etc/maps,   false, true
          local_transport = local,                   true,  true
          local_transport = lmtp:unix:lmtp,          false, true
          virtual_mailbox_lock = fcntl,              true,  false
          virtual_transport = lmtp:unix:lmtp,        true,  false
          virtual_transport = virtual:,              true,  true
          """)
  void storage_isLocked_ifPostfixItselfDoes(String line, boolean byLocal, boolean byVirtual) {
    Postconf postfix = Postconf.of(DEFAULTS + line, "", "");
    List<MailboxTemplate> mbox = List.of(new MailboxTemplate("/var/mail/%u"));
    assertEquals(byLocal, LockFiles.of(new Storage(mbox, Optional.empty()), postfix).isLocked());
    assertEquals(
        byVirtual, LockFiles.of(new Storage(mbox, Optional.of("vmail")), postfix).isLocked());
  }
}
