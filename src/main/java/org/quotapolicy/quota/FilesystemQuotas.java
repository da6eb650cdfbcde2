// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import java.util.List;

/**
 * One user's quotas on one filesystem.
 *
 * @param major major number of the filesystem's device, as in proc(5) mountinfo
 * @param minor its minor number
 * @param blockSize bytes in which the filesystem gives out space; 0 = not known
 * @param quotas one for each type that was asked
 */
public record FilesystemQuotas(int major, int minor, int blockSize, List<Quota> quotas) {
  public FilesystemQuotas {
    quotas = List.copyOf(quotas);
  }
}
