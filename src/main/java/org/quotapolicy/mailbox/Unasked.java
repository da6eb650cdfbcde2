// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.quota.Project;

/**
 * What the helper must be asked before a verdict holds.
 *
 * @param device the filesystem
 * @param project whose quota there is wanted beside those of the user and the group
 */
public record Unasked(Device device, Project project) {

  /** A filesystem about which nothing was said. */
  public static Unasked all(Device device) {
    return new Unasked(device, new Project.Unnamed());
  }

  /** Whether only the project's quota is missing. */
  public boolean isOfProject() {
    return !(project instanceof Project.Unnamed);
  }
}
