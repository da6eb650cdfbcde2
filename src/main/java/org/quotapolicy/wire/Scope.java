// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.UserQuotas;

/** Which filesystems a look-up is about, all of them out of the helper's own list. */
public sealed interface Scope {

  /** The one whose mount point is the longest that the home directory begins with, by name. */
  record Home() implements Scope {}

  /**
   * The one with this device number, as in proc(5) mountinfo.
   *
   * @param project whose quota is wanted beside those of the user and the group
   * @param group whose quota is wanted; {@link UserQuotas#OWN_GROUP}: the account's primary one's
   */
  record Device(int major, int minor, Project project, long group) implements Scope {
    /** About the account's own group. */
    public Device(int major, int minor, Project project) {
      this(major, minor, project, UserQuotas.OWN_GROUP);
    }
  }

  /** Every one that has any quota. */
  record All() implements Scope {}
}
