// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.system.XfsGeometry;

/** Tells how an XFS filesystem is laid out. */
@FunctionalInterface
interface XfsLayout {

  /** The layout of the filesystem of this mount; empty if this process may not know. */
  Optional<XfsGeometry> of(Mount mount);
}
