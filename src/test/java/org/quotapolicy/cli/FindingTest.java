// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.mailbox.Mailboxes;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Need;

final class FindingTest {
  /** Which is procfs: local on every machine, without quota, and with blocks. */
  @Test
  void homeMount_withoutQuota_hasItsBlockSize() throws IOException {
    Mailbox mailbox = Mailbox.onThisMachine();
    AccountQuotas user = AccountQuotas.of(new UserQuotas(1, 1, "/proc/self", List.of()));
    Judgement judgement =
        mailbox.judge(user, Mailboxes.At.maildir("/proc/self/"), Need.ofMessage(0), Instant.EPOCH);
    Finding finding = Finding.of("x", 0, Instant.EPOCH, user, judgement, mailbox);
    assertEquals("no quota is enforced where the mail is stored", finding.detail());
    Finding.Entry entry = finding.filesystems().get(0);
    assertEquals(Files.getFileStore(Path.of("/proc")).getBlockSize(), entry.blockSize());
  }
}
