// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.Scope;

/** Answers a name. Used by several threads at once; may block as long as the name service does. */
interface NameLookup {

  /**
   * What is known about the user of that name, on the filesystems of that scope.
   *
   * @param name each byte as one char (ISO 8859-1)
   * @throws NativeFailure if not even the mount table can be read
   */
  Outcome byName(String name, Scope scope) throws NativeFailure;
}
