// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.kernel.Mount;

/** Why it could not be told for a mailbox, in a line for the administrator. */
final class Reason {
  private Reason() {}

  /** The kernel does refuse there: the directory below belongs to a filesystem with quotas. */
  static String stacked(String subject, Mount mount) {
    return "%s is on %s %s, whose quotas are those of another filesystem"
        .formatted(subject, mount.type(), mount.mountPoint());
  }

  /** It is on a mount that is not local. */
  static String elsewhere(String subject, Mount mount) {
    if (MountKind.isStacked(mount.type())) {
      return stacked(subject, mount);
    }
    return switch (mount.type()) {
      case "autofs" ->
          subject + " is below " + mount.mountPoint() + ", where autofs has mounted nothing";
      case "nfs", "nfs4" ->
          subject + " is on NFS " + mount.source() + ", whose quota is not asked yet";
      default ->
          "%s is on %s %s, whose quota cannot be asked"
              .formatted(subject, mount.type(), mount.source());
    };
  }
}
