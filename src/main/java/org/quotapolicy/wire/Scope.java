// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

/** Which filesystems a look-up is about, all of them out of the helper's own list. */
public sealed interface Scope {

  /** The one whose mount point is the longest that the home directory begins with, by name. */
  record Home() implements Scope {}

  /** The one with this device number, as in proc(5) mountinfo. */
  record Device(int major, int minor) implements Scope {}

  /** Every one that has any quota. */
  record All() implements Scope {}
}
