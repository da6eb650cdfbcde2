// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

/**
 * One id's usage, limits and grace expiry of one resource on one filesystem.
 *
 * @param usage bytes, or inodes; unsigned
 * @param softLimit bytes, or inodes; unsigned, 0 = none
 * @param hardLimit bytes, or inodes; unsigned, 0 = none
 * @param graceExpiry seconds since the epoch after which the soft limit binds, 0 = no timer runs
 */
public record ResourceQuota(long usage, long softLimit, long hardLimit, long graceExpiry) {

  /** No usage, no limits. */
  public static final ResourceQuota NONE = new ResourceQuota(0, 0, 0, 0);

  /** Whether any limit is set. */
  public boolean isLimited() {
    return softLimit != 0 || hardLimit != 0;
  }
}
