// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An account and its quotas on the local filesystems that were asked.
 *
 * @param uid user id; an unsigned 32-bit number
 * @param gid primary group id; an unsigned 32-bit number
 * @param home home directory, each byte of the path as one char (ISO 8859-1), so that no byte of a
 *     name in another encoding is lost; at most {@link #MAX_HOME}
 * @param filesystems at most {@link #MAX_FILESYSTEMS}, each device once
 */
public record UserQuotas(long uid, long gid, String home, List<FilesystemQuotas> filesystems) {
  /** Length of the longest home directory, in bytes; PATH_MAX of linux/limits.h. */
  public static final int MAX_HOME = 4096;

  /** Most filesystems, so that an answer with three quotas on each fits into a packet. */
  public static final int MAX_FILESYSTEMS = 250;

  /** Stands for the account's own group where another could be named; no group has this number. */
  public static final long OWN_GROUP = 0xffff_ffffL;

  public UserQuotas {
    filesystems = List.copyOf(filesystems);
    if (home.length() > MAX_HOME || filesystems.size() > MAX_FILESYSTEMS) {
      throw new IllegalArgumentException("home too long or too many filesystems");
    }
    if (filesystems.size() > 1) {
      checkDevices(filesystems);
    }
  }

  private static void checkDevices(List<FilesystemQuotas> filesystems) {
    Set<Long> devices = new HashSet<>();
    for (FilesystemQuotas there : filesystems) {
      if (!devices.add((long) there.major() << Integer.SIZE ^ there.minor())) {
        throw new IllegalArgumentException("two filesystems of one device");
      }
    }
  }
}
