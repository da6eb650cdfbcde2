// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

/** What the type of a filesystem changes in the kernel's rule. */
public enum FilesystemType {
  /** Quotas of fs/quota/dquot.c: ext4 and all others but XFS. */
  GENERIC {
    @Override
    public boolean hasExpired(long graceExpiry, long now) {
      return now >= graceExpiry;
    }
  },
  /** Quotas of fs/xfs/xfs_trans_dquot.c. */
  XFS {
    @Override
    public boolean hasExpired(long graceExpiry, long now) {
      return now > graceExpiry;
    }
  };

  /** The type of a filesystem that mountinfo calls by this name. */
  public static FilesystemType of(String name) {
    return name.equals("xfs") ? XFS : GENERIC;
  }

  /** Whether grace that ends at {@code graceExpiry} is over; both in seconds since the epoch. */
  public abstract boolean hasExpired(long graceExpiry, long now);
}
