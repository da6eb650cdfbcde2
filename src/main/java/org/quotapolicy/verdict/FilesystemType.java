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

    @Override
    public long freeInFile(long size, long allocated, int blockSize) {
      return freeInLastBlock(size, blockSize);
    }
  },
  /** Quotas of fs/xfs/xfs_trans_dquot.c. */
  XFS {
    @Override
    public boolean hasExpired(long graceExpiry, long now) {
      return now > graceExpiry;
    }

    @Override
    public long freeInFile(long size, long allocated, int blockSize) {
      return Math.max(freeInLastBlock(size, blockSize), allocated - size);
    }
  };

  /** The type of a filesystem that mountinfo calls by this name. */
  public static FilesystemType of(String name) {
    return name.equals("xfs") ? XFS : GENERIC;
  }

  /**
   * How much can be appended to a file before the filesystem must give it more space; in bytes.
   *
   * <p>The rest of its last block. On XFS also what it was given beyond its end, in the hope that
   * it grows further, which is counted already (xfs_iomap_prealloc_size() in fs/xfs/xfs_iomap.c).
   * Elsewhere blocks beyond those of the data are the filesystem's own, for the file's map.
   *
   * @param size of the file
   * @param allocated bytes that it was given
   */
  public abstract long freeInFile(long size, long allocated, int blockSize);

  private static long freeInLastBlock(long size, int blockSize) {
    return (blockSize - size % blockSize) % blockSize;
  }

  /** Whether grace that ends at {@code graceExpiry} is over; both in seconds since the epoch. */
  public abstract boolean hasExpired(long graceExpiry, long now);
}
