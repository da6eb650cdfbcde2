// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.system.FileSpace;

class XfsReclaimTest {
  private static final int BLOCK = 4096;

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 4096, 0",
    "4096, 4096, 0",
    "4097, 12288, 4096",
    "210000, 458752, 245760", // Linux 7.3, after three of 70,000
    "100000, 4096, 0", // holes
  })
  void beyondEnd_isWhatItHasAfterItsLastBlock(long size, long allocated, long expected) {
    assertEquals(expected, XfsReclaim.beyondEnd(new FileSpace.Reply.File(size, allocated), BLOCK));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, false", // nothing is used
    "4096, 0, true", // no hard limit
    "409600, 409600, true",
    "409601, 409600, true",
    "405504, 409600, false", // exactly a hundredth
    "409599, 409600, true",
    "0, 409600, false",
  })
  void happens_hardLimitNearlyReachedOrNone(long usage, long hardLimit, boolean expected) {
    FilesystemQuotas quotas =
        quotas(QuotaState.ENFORCED, new ResourceQuota(usage, 0, hardLimit, 0));
    assertEquals(expected, XfsReclaim.happens(quotas, BLOCK, quota -> true));
    assertEquals(false, XfsReclaim.happens(quotas, BLOCK, quota -> false));
  }

  @Test
  void happens_notForAQuotaThatDoesNotBind() {
    FilesystemQuotas quotas = quotas(QuotaState.ACCOUNTED, new ResourceQuota(4096, 0, 0, 0));
    assertEquals(false, XfsReclaim.happens(quotas, BLOCK, quota -> true));
  }

  @ParameterizedTest
  @CsvSource({
    "9000, 5000, 0, 5000, 4000, 0", // below its soft limit: the timer ends
    "9000, 4000, 0, 5000, 4000, 0",
    "9000, 3999, 0, 5000, 4000, 77",
    "9000, 0, 3999, 5000, 4000, 77",
    "9000, 0, 4000, 5000, 4000, 0",
    "3000, 0, 0, 5000, 0, 0", // never less than nothing
  })
  void after_usageIsLess_andATimerEndsWhereNoLimitIsPassed(
      long usage, long soft, long hard, long bytes, long left, long timer) {
    FilesystemQuotas quotas = quotas(QuotaState.ENFORCED, new ResourceQuota(usage, soft, hard, 77));
    assertEquals(
        quotas(QuotaState.ENFORCED, new ResourceQuota(left, soft, hard, timer)),
        XfsReclaim.after(quotas, bytes, quota -> true));
    assertEquals(quotas, XfsReclaim.after(quotas, bytes, quota -> false));
  }

  private static FilesystemQuotas quotas(QuotaState state, ResourceQuota space) {
    return new FilesystemQuotas(
        8,
        1,
        List.of(new Quota(QuotaType.USER, 1, state, 0, space, new ResourceQuota(3, 0, 0, 0))));
  }
}
