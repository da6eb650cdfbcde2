// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import java.util.List;

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
    int types = 0;
    for (Quota quota : quotas) {
      int type = 1 << quota.type().number();
      if ((types & type) != 0) {
        throw new IllegalArgumentException("two quotas of one type on a filesystem");
      }
      types |= type;
    }
  }
}
