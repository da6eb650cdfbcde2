// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

import org.quotapolicy.quota.Quota;

/** What a message takes of each quota on a filesystem. */
@FunctionalInterface
public interface Needs {

  /** What it takes of this one. */
  Need of(Quota quota);
}
