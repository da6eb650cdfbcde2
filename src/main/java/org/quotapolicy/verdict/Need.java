// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

/**
 * What storing a message takes.
 *
 * @param bytes unsigned; rounded up to whole blocks by the rule, since the block size belongs to
 *     the filesystem
 * @param inodes unsigned
 */
public record Need(long bytes, long inodes) {

  /**
   * A message in a file of its own.
   *
   * @param size declared message size in bytes, unsigned; 0 = undeclared, counts as 1
   */
  public static Need ofMessage(long size) {
    return new Need(size == 0 ? 1 : size, 1);
  }
}
