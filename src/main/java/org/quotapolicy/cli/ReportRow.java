// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * An id that would be refused mail, or is near it.
 *
 * @param share of the resource that refuses, else of the one that is used most
 * @param refusal why mail would be refused now; null if it would not
 */
record ReportRow(Quota quota, Share share, @Nullable Refuse refusal) {
  /** The fullest first, then by type and id. */
  static final Comparator<ReportRow> FULLEST_FIRST =
      Comparator.comparingDouble((ReportRow row) -> row.share.used())
          .reversed()
          .thenComparing(row -> row.quota.type())
          .thenComparing(row -> row.quota.id());

  /** Usage and limits of the resource of the share. */
  ResourceQuota numbers() {
    return share.resource() == Resource.SPACE ? quota.space() : quota.inodes();
  }
}
