// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.system.XfsGeometry;

/**
 * What XFS reserves of the quota before it creates a file, however small: for the case that inodes
 * must be made and the directory must grow. It is given back at once, but with less room than that
 * open(2) fails with EDQUOT.
 *
 * <p>Where files have parent pointers (Linux 6.10, a default of mkfs.xfs since xfsprogs 6.18), it
 * is more, and a further name is only given to a file if what that could need can be reserved, too.
 * Elsewhere a link goes on without (xfs_link() in fs/xfs/xfs_inode.c).
 *
 * <p>Source: xfs_trans_alloc_icreate() called with XFS_CREATE_SPACE_RES of
 * fs/xfs/libxfs/xfs_trans_space.h, since Linux 6.10 xfs_create_space_res() of xfs_trans_space.c;
 * compared with Linux 6.1 and 7.3 in the lab, other versions untried.
 */
final class XfsCreation {
  /** XFS_INODES_PER_CHUNK. */
  private static final int INODES_OF_CHUNK = 64;

  /** XFS_DAENTER_DBS of a data fork: XFS_DA_NODE_MAXDEPTH + 2. */
  private static final int DIRECTORY_LEVELS = 7;

  /** XFS_DAENTER_DBS of an attribute fork: XFS_DA_NODE_MAXDEPTH. */
  private static final int ATTRIBUTE_LEVELS = 5;

  /** XFS_MIN_AG_BLOCKS. */
  private static final int FEWEST_GROUP_BLOCKS = 64;

  private static final int SMALLEST_INODE = 256;

  private final XfsGeometry layout;
  private final int blockSize;

  private XfsCreation(XfsGeometry layout) {
    this.layout = layout;
    this.blockSize = layout.blockSize();
  }

  /**
   * The layout that reserves least: what is reserved at any rate where the true one is not known,
   * so that nobody is refused wrongly.
   *
   * @param blockSize bytes, at least 512
   */
  static XfsGeometry least(int blockSize) {
    return new XfsGeometry(
        blockSize, FEWEST_GROUP_BLOCKS, SMALLEST_INODE, blockSize, false, false, false, false);
  }

  /** What a filesystem of this layout reserves, in bytes. */
  static long bytes(XfsGeometry layout) {
    XfsCreation creation = new XfsCreation(layout);
    return (creation.inodeBlocks() + creation.entryBlocks()) * creation.blockSize;
  }

  /** What there must be room for when a file that exists is given a further name, in bytes. */
  static long linkBytes(XfsGeometry layout) {
    XfsCreation creation = new XfsCreation(layout);
    return layout.parentPointers() ? creation.entryBlocks() * creation.blockSize : 0;
  }

  /** xfs_link_space_res(). */
  private long entryBlocks() {
    return directoryBlocks() + (layout.parentPointers() ? parentBlocks() : 0);
  }

  /**
   * xfs_parent_calc_space_res(), for a name of no more bytes than a block of the map has records:
   * of 253 with blocks of 4 KiB.
   */
  private long parentBlocks() {
    long splits = attributeMapLevels() - 1;
    return ATTRIBUTE_LEVELS * (1 + splits) + splits;
  }

  /** XFS_IALLOC_SPACE_RES. */
  private long inodeBlocks() {
    long inodesOfBlock = (long) blockSize / layout.inodeSize();
    long chunk = Math.max(INODES_OF_CHUNK, inodesOfBlock) / inodesOfBlock;
    return chunk + (layout.freeInodeTree() ? 2 : 1) * inodeTreeLevels(inodesOfBlock);
  }

  /** inobt_maxlevels: xfs_ialloc_setup_geometry(), xfs_btree_compute_maxlevels(). */
  private long inodeTreeLevels(long inodesOfBlock) {
    long room =
        (long) blockSize - (layout.checksums() ? 56 : 16); // XFS_BTREE_SBLOCK_CRC_LEN or _LEN
    long groupInodes = powerOfTwo(layout.groupBlocks()) * inodesOfBlock;
    // struct xfs_inobt_rec has 16 bytes, a key and a pointer 4 each; nodes are half full at least.
    long blocks = divideUp(groupInodes / INODES_OF_CHUNK, room / 16 / 2);
    int levels = 1;
    while (blocks > 1) {
      blocks = divideUp(blocks, room / 8 / 2);
      levels++;
    }
    return levels;
  }

  /** XFS_DIRENTER_SPACE_RES. */
  private long directoryBlocks() {
    long blocks = (long) layout.directoryBlockSize() / blockSize;
    // XFS_MAX_CONTIG_EXTENTS_PER_BLOCK: records of 8 bytes
    long records = ((long) blockSize - (layout.checksums() ? 56 : 16)) / 8;
    long contiguous = records - records / 2;
    return DIRECTORY_LEVELS * (blocks + divideUp(blocks, contiguous) * (dataMapLevels() - 1));
  }

  /** Of the data fork; with MINDBTPTRS. */
  private long dataMapLevels() {
    return mapLevels(layout.largeExtentCounts() ? (1L << 48) - 1 : Integer.MAX_VALUE, 3);
  }

  /** Of the attribute fork; with MINABTPTRS. */
  private long attributeMapLevels() {
    return mapLevels(layout.largeExtentCounts() ? (1L << 32) - 1 : Short.MAX_VALUE, 2);
  }

  /**
   * m_bm_maxlevels: xfs_bmap_compute_maxlevels().
   *
   * @param extents most of them
   * @param ofRoot pointers that there is always room for in the inode
   */
  private long mapLevels(long extents, long ofRoot) {
    // XFS_BTREE_LBLOCK_CRC_LEN or _LEN; struct xfs_bmbt_rec has 16 bytes, a key with pointer too.
    long fewest = ((long) blockSize - (layout.checksums() ? 72 : 24)) / 16 / 2;
    long blocks = divideUp(extents, fewest);
    int levels = 1;
    while (blocks > 1) {
      blocks = blocks <= ofRoot ? 1 : divideUp(blocks, fewest);
      levels++;
    }
    return levels;
  }

  private static long powerOfTwo(long atLeast) {
    return atLeast <= 1 ? 1 : Long.highestOneBit(atLeast - 1) << 1;
  }

  private static long divideUp(long number, long by) {
    return (number + by - 1) / by;
  }
}
