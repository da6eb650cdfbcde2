// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

/** What the type of a filesystem changes in the kernel's rule. */
public enum FilesystemType {
  /** Quotas of fs/quota/dquot.c: ext4 and all others but these. */
  GENERIC,
  /**
   * The same, and files without extents, on which the blocks that list a file's blocks can be
   * refused: ext2 and ext3, which ext4 mounts without delayed allocation (ext4_alloc_branch()), and
   * fs/ext2 mounts where ext4 does not.
   */
  EXT2 {
    @Override
    public long mapBytes(long size, long grown, int blockSize) {
      int block = blockSize == 0 ? Rule.USUAL_BLOCK_SIZE : blockSize;
      return (mapBlocks(grown, block) - mapBlocks(size, block)) * block;
    }
  },
  /** Quotas of fs/xfs/xfs_trans_dquot.c. */
  XFS {
    @Override
    public boolean hasExpired(long graceExpiry, long now) {
      return now > graceExpiry;
    }

    @Override
    public boolean bindsRoot() {
      return true;
    }

    @Override
    public long freeInFile(long size, long allocated, int blockSize) {
      return Math.max(super.freeInFile(size, allocated, blockSize), allocated - size);
    }
  };

  /** EXT4_NDIR_BLOCKS of fs/ext4/ext4.h. */
  private static final int LISTED_IN_INODE = 12;

  /** Of a number of a block in another. */
  private static final int POINTER_BYTES = 4;

  /** The type of a filesystem that mountinfo calls by this name. */
  public static FilesystemType of(String name) {
    return switch (name) {
      case "xfs" -> XFS;
      case "ext2", "ext3" -> EXT2;
      default -> GENERIC;
    };
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
  public long freeInFile(long size, long allocated, int blockSize) {
    return (blockSize - size % blockSize) % blockSize;
  }

  /**
   * Bytes of the blocks that a file needs for the list of its blocks, beyond those it had, when it
   * grows; only where these can be refused.
   *
   * @param size of the file, which has no holes; unsigned
   * @param grown its size then; unsigned
   * @param blockSize bytes; 0 = not known
   */
  public long mapBytes(long size, long grown, int blockSize) {
    return 0;
  }

  /** Indirect, double and triple indirect blocks: ext4_block_to_path(). */
  private static long mapBlocks(long size, int blockSize) {
    long pointers = blockSize / POINTER_BYTES;
    long blocks = Long.divideUnsigned(size, blockSize);
    blocks += Long.remainderUnsigned(size, blockSize) == 0 ? 0 : 1;
    long single = Math.max(0, blocks - LISTED_IN_INODE);
    long twofold = Math.max(0, single - pointers);
    long threefold = Math.max(0, twofold - pointers * pointers);
    return divideUp(Math.min(single, pointers), pointers)
        + divideUp(Math.min(twofold, pointers * pointers), pointers)
        + Math.min(twofold, 1)
        + divideUp(threefold, pointers)
        + divideUp(threefold, pointers * pointers)
        + Math.min(threefold, 1);
  }

  private static long divideUp(long number, long by) {
    return (number + by - 1) / by;
  }

  /**
   * Whether a process of uid 0 is held to quotas. Others let CAP_SYS_RESOURCE pass those of all
   * types (ignore_hardlimit() in fs/quota/dquot.c, and in fs/bcachefs/quota.c); XFS looks at no
   * privilege, and only id 0 has no limits there (xfs_trans_dqresv()).
   */
  public boolean bindsRoot() {
    return false;
  }

  /** Whether grace that ends at {@code graceExpiry} is over; both in seconds since the epoch. */
  public boolean hasExpired(long graceExpiry, long now) {
    return now >= graceExpiry;
  }
}
