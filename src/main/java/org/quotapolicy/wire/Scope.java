// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import org.quotapolicy.quota.Project;

/** Which filesystems a look-up is about, all of them out of the helper's own list. */
public sealed interface Scope {

  /** The one whose mount point is the longest that the home directory begins with, by name. */
  record Home() implements Scope {}

  /**
   * The one with this device number, as in proc(5) mountinfo.
   *
   * @param project whose quota is wanted beside those of the user and the group
   */
  record Device(int major, int minor, Project project) implements Scope {}

  /** Every one that has any quota. */
  record All() implements Scope {}
}
