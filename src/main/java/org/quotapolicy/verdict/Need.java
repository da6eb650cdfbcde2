// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

import org.quotapolicy.quota.Quota;

/**
 * What storing a message takes.
 *
 * @param bytes unsigned; rounded up to whole blocks by the rule, since the block size belongs to
 *     the filesystem
 * @param inodes unsigned
 */
public record Need(long bytes, long inodes) implements Needs {

  /**
   * What delivery is taken to add to a message: Received, Return-Path, X-Original-To and
   * Delivered-To of a usual Postfix stay below it.
   */
  public static final int ADDED_BY_DELIVERY = 1024;

  /**
   * A message in a file of its own.
   *
   * @param size declared message size in bytes, unsigned; 0 = undeclared, counts as 1
   */
  public static Need ofMessage(long size) {
    return new Need(sum(size == 0 ? 1 : size, ADDED_BY_DELIVERY), 1);
  }

  /** The same of every quota. */
  @Override
  public Need of(Quota quota) {
    return this;
  }

  /** This, and so many bytes more; unsigned. */
  public Need plus(long more) {
    return new Need(sum(bytes, more), inodes);
  }

  /** This and another one. */
  public Need plus(Need another) {
    return new Need(sum(bytes, another.bytes), sum(inodes, another.inodes));
  }

  /** This appended to a file that exists, in whose last block so many bytes are free; unsigned. */
  public Need appended(long free) {
    return new Need(Long.compareUnsigned(bytes, free) < 0 ? 0 : bytes - free, 0);
  }

  /** This on a filesystem that wants so many bytes of room before it makes a file. */
  public Need atLeast(long creation) {
    boolean isLess = inodes != 0 && Long.compareUnsigned(bytes, creation) < 0;
    return isLess ? new Need(creation, inodes) : this;
  }

  /**
   * Bytes in whole blocks; unsigned, 2^64-1 also stands for more.
   *
   * @param blockSize bytes in which the filesystem gives out space; 0 = not known
   */
  public long inBlocks(int blockSize) {
    return new Amount(bytes, blockSize == 0 ? Rule.USUAL_BLOCK_SIZE : blockSize).rounded();
  }

  /** This in whole blocks, as {@link #inBlocks}. */
  public Need rounded(int blockSize) {
    return new Need(inBlocks(blockSize), inodes);
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    return Long.compareUnsigned(sum, a) < 0 ? -1 : sum;
  }
}
