// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

/**
 * One id's usage, limits and grace expiry of one resource on one filesystem.
 *
 * @param usage bytes, or inodes; unsigned
 * @param softLimit bytes, or inodes; unsigned, 0 = none
 * @param hardLimit bytes, or inodes; unsigned, 0 = none
 * @param graceExpiry seconds since the epoch after which the soft limit binds; 0 = no timer runs;
 *     {@link #NO_GRACE}
 */
public record ResourceQuota(long usage, long softLimit, long hardLimit, long graceExpiry) {

  /**
   * No timer runs, and one that starts is over at once: the grace period is 0. What passes the soft
   * limit starts it, and is let in: one block, or one inode. The next is not.
   */
  public static final long NO_GRACE = Long.MIN_VALUE;

  /** No usage, no limits. */
  public static final ResourceQuota NONE = new ResourceQuota(0, 0, 0, 0);

  /** Whether any limit is set. */
  public boolean isLimited() {
    return softLimit != 0 || hardLimit != 0;
  }

  /** Whether a timer runs, over or not. */
  public boolean hasTimer() {
    return graceExpiry != 0 && !isWithoutGrace();
  }

  /** Whether none runs, and one that starts is over at once. */
  public boolean isWithoutGrace() {
    return graceExpiry == NO_GRACE;
  }

  /** Whether what is used now can come to start a timer. */
  public boolean mayStartTimer() {
    return softLimit != 0 && !hasTimer();
  }

  /** The same where the grace period is 0, if that is so. */
  public ResourceQuota withoutGrace(boolean isSo) {
    return !isSo || hasTimer() ? this : new ResourceQuota(usage, softLimit, hardLimit, NO_GRACE);
  }
}
