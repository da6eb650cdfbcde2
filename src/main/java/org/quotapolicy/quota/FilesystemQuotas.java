// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One user's quotas on one filesystem.
 *
 * @param major major number of the filesystem's device, as in proc(5) mountinfo
 * @param minor its minor number
 * @param quotas one for each type that was asked, none twice
 */
public record FilesystemQuotas(int major, int minor, List<Quota> quotas) {
  public FilesystemQuotas {
    quotas = List.copyOf(quotas);
    Set<QuotaType> types = EnumSet.noneOf(QuotaType.class);
    for (Quota quota : quotas) {
      if (!types.add(quota.type())) {
        throw new IllegalArgumentException("two quotas of one type on a filesystem");
      }
    }
  }

  boolean isOfSameDevice(FilesystemQuotas other) {
    return major == other.major && minor == other.minor;
  }
}
