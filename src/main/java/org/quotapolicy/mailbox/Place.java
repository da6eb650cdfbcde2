// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.kernel.Mount;

/** Where a path leads. */
public sealed interface Place {

  /**
   * A mount whose filesystem is local.
   *
   * @param path the path without symbolic links, as far as it exists and could be looked at
   */
  record Local(Mount mount, String path) implements Place {}

  /**
   * A mount that is remote, or where an automounter has nothing mounted at the moment. No path on
   * it was touched.
   */
  record Network(Mount mount) implements Place {}

  /**
   * It could not be found out.
   *
   * @param reason one line for the administrator
   */
  record Failed(String reason) implements Place {}
}
