// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.FilesystemQuotas;

/**
 * The device number of a filesystem, as in proc(5) mountinfo.
 *
 * @param major 0 if it is on no block device, or on several
 * @param minor tells it from the others with this major number
 */
public record Device(int major, int minor) {

  // Compared and looked up several times a request; made by the compiler these are much slower.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Device device && major == device.major && minor == device.minor;
  }

  @Override
  public int hashCode() {
    return 31 * major + minor;
  }

  /** That of a mount. */
  public static Device of(Mount mount) {
    return new Device(mount.major(), mount.minor());
  }

  static Device of(FilesystemQuotas quotas) {
    return new Device(quotas.major(), quotas.minor());
  }
}
