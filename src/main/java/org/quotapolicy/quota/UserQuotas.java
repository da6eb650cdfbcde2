// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import java.util.ArrayList;
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

  /** The same with these filesystems in the place of what was known of them. */
  public UserQuotas with(List<FilesystemQuotas> newer) {
    List<FilesystemQuotas> all = new ArrayList<>();
    filesystems.stream()
        .filter(old -> newer.stream().noneMatch(old::isOfSameDevice))
        .forEach(all::add);
    all.addAll(newer);
    return new UserQuotas(uid, gid, home, all);
  }
}
