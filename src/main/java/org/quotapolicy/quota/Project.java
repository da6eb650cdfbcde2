// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

/** Which project's quota is asked for, beside those of the user and the group. */
public sealed interface Project {

  /** Nobody has said which: it is enough to know whether any is enforced. */
  record Unnamed() implements Project {}

  /**
   * The one of this number.
   *
   * @param id an unsigned 32-bit number
   */
  record Numbered(long id) implements Project {}

  /**
   * The one that a new file in this directory would belong to, or that this file belongs to; XFS
   * tells.
   *
   * @param inode its number on the filesystem that is asked about; unsigned
   */
  record OfInode(long inode) implements Project {}

  /**
   * The project of a message that is stored in a directory, as a new file, or in a file: that of
   * the directory if it hands it on, else 0; that of the file. Source: ext4_new_inode(),
   * xfs_get_initial_prid().
   *
   * @param isHandedOn whether it has FS_XFLAG_PROJINHERIT
   * @param project its own
   */
  static long ofNewFile(boolean isDirectory, boolean isHandedOn, long project) {
    return !isDirectory || isHandedOn ? project : 0;
  }
}
