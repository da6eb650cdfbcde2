// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import org.junit.jupiter.api.Assertions;

/** The kernel as the oracle: a process with the user's ids really writes the mail. */
final class Kernel {
  /** What delivery is taken to add to a message, in bytes: the verdict's allowance. */
  static final long ADDED_BY_DELIVERY = 1024;

  private Kernel() {}

  /** Whether it is of that version or a later one. */
  static boolean isAtLeast(int major, int minor) {
    String[] version = Guest.must("uname -r").split("[^0-9]+", 3);
    int its = Integer.parseInt(version[0]);
    return its > major || (its == major && Integer.parseInt(version[1]) >= minor);
  }

  /** Whether a new file of that size can be written to the user's home. It is removed again. */
  static boolean letsWrite(String user, long size) {
    String file = Guest.home(user) + "/probe";
    Guest.Result written =
        Guest.runAs(user, "sh", "-c", "LC_ALL=C; head -c " + size + " /dev/zero >" + file);
    // XFS gives the space of a removed file back some time later; statfs(2) makes it hurry.
    Guest.must("rm -f " + file + " && stat -f " + Guest.home(user));
    // Any other failure than this one says nothing about quotas.
    boolean isOverQuota = written.err().contains("quota exceeded");
    Assertions.assertEquals(written.status() != 0, isOverQuota, written::text);
    return !isOverQuota;
  }
}
