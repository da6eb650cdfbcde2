// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.Scope;
import org.quotapolicy.wire.ToHelper;

/**
 * Answers what the daemon may ask. Used by several threads at once; may block as long as the name
 * service or a filesystem does.
 */
interface QuotaLookup {

  /**
   * Takes notice of the mount table as it is now; what is asked next goes by it.
   *
   * @throws NativeFailure if not even the mount table can be read
   */
  void begin() throws NativeFailure;

  /**
   * What is known about the user of that name, on the filesystems of that scope.
   *
   * @param name each byte as one char (ISO 8859-1)
   */
  Outcome byName(String name, Scope scope);

  /** The next page of the quotas on a filesystem; of type OFF if there is none of that number. */
  Outcome next(ToHelper.Next question);
}
