// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

/** What a quota limits. */
public enum Resource {
  /** Counted in bytes. */
  SPACE,
  /** Counted in inodes. */
  INODES
}
