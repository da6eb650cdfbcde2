// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.UserQuotas;

/**
 * What the helper must be asked before a verdict holds.
 *
 * @param device the filesystem
 * @param project whose quota there is wanted beside those of the user and the group
 * @param group whose quota is wanted; {@link UserQuotas#OWN_GROUP}: the account's primary one's
 */
public record Unasked(Device device, Project project, long group) {

  /** About the account's own group. */
  public Unasked(Device device, Project project) {
    this(device, project, UserQuotas.OWN_GROUP);
  }

  /** A filesystem about which nothing was said. */
  public static Unasked all(Device device) {
    return new Unasked(device, new Project.Unnamed());
  }

  /** About a group that new mail belongs to. */
  static Unasked ofGroup(Device device, long group) {
    return new Unasked(device, new Project.Unnamed(), group);
  }

  /** Whether the user's quota there is known, and only a project's or a group's is missing. */
  public boolean isFurther() {
    return isOfProject() || group != UserQuotas.OWN_GROUP;
  }

  /** Whether the project's quota is missing. */
  public boolean isOfProject() {
    return !(project instanceof Project.Unnamed);
  }
}
