// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Resource;

final class ShareTest {
  private static final Instant NOW = Instant.ofEpochSecond(1000);

  /** Each row: usage, soft, hard, expiry; the limit that binds and its percentage. */
  @ParameterizedTest
  @CsvSource({
    "50,  0,   0,   0,    0,   0", // no limit
    "50,  0,   100, 0,    100, 50",
    "50,  40,  100, 0,    100, 50", // over the soft limit, no timer yet
    "50,  40,  100, 1001, 100, 50", // in grace
    "50,  40,  100, 1000, 40,  125", // grace over
    "50,  40,  0,   0,    40,  125", // only a soft limit
    "50,  40,  0,   1001, 40,  125",
    "50,  0,   100, 1000, 100, 50", // a timer without its limit
    "0,   0,   100, 0,    100, 0",
    "100, 0,   100, 0,    100, 100",
    "-1,  0,   -1,  0,    -1,  100", // unsigned
    "50,  40,  100, -9223372036854775808, 40, 125", // a grace period of 0
  })
  void share_isOfTheLimitThatBinds(
      long usage, long soft, long hard, long expiry, long limit, long percent) {
    ResourceQuota numbers = new ResourceQuota(usage, soft, hard, expiry);
    Share share = Share.of(Resource.SPACE, numbers, FilesystemType.GENERIC, NOW);
    assertEquals(limit, share.limit());
    assertEquals(percent / 100.0, share.used());
  }

  /** XFS gives one second more. */
  @Test
  void share_onXfsInTheLastSecond_isOfTheHardLimit() {
    ResourceQuota numbers = new ResourceQuota(50, 40, 100, 1000);
    assertEquals(100, Share.of(Resource.SPACE, numbers, FilesystemType.XFS, NOW).limit());
  }

  @ParameterizedTest
  @CsvSource({
    "10, 100, 5, 10,  INODES", // 10 %, 50 %
    "90, 100, 5, 10,  SPACE",
    "50, 100, 5, 10,  SPACE", // as much of both
    "50, 0,   0, 10,  INODES", // only one is limited
    "0,  100, 5, 0,   SPACE",
  })
  void share_isOfTheFullerResource(
      long space, long spaceLimit, long inodes, long inodeLimit, Resource expected) {
    Quota quota =
        new Quota(
            QuotaType.USER,
            1,
            QuotaState.ENFORCED,
            0,
            new ResourceQuota(space, 0, spaceLimit, 0),
            new ResourceQuota(inodes, 0, inodeLimit, 0));
    assertEquals(expected, Share.of(quota, FilesystemType.GENERIC, NOW).resource());
  }
}
