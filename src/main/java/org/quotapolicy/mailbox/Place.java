// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.kernel.Mount;

/** Where a path leads. */
public sealed interface Place {

  /**
   * A mount whose filesystem is local.
   *
   * @param path the path without symbolic links, as far as it exists and could be looked at
   * @param isTouchable whether no server has to be asked on the way; if not, it is a mount point,
   *     and all that may be known of it is in the mount table
   */
  record Local(Mount mount, String path, boolean isTouchable) implements Place {
    /** With nothing but local mounts on the way. */
    public Local(Mount mount, String path) {
      this(mount, path, true);
    }
  }

  /**
   * A mount that is remote, or where an automounter has nothing mounted at the moment. No path on
   * it was touched.
   */
  record Network(Mount mount) implements Place {}

  /**
   * Behind a name that may not be looked at (EACCES), which might be a symbolic link.
   *
   * @param name that name, with the path to it
   * @param otherwise where it leads if no name is a link from there on
   */
  record Hidden(String name, Place otherwise) implements Place {
    /** One line for the administrator. */
    public String reason() {
      return name
          + " may not be looked at (EACCES): the directories above it must be searchable (x)";
    }
  }

  /**
   * It could not be found out.
   *
   * @param reason one line for the administrator
   */
  record Failed(String reason) implements Place {}
}
