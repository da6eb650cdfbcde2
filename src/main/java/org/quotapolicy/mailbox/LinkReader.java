// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

/** Reads symbolic links. Source: readlink(2). */
@FunctionalInterface
public interface LinkReader {

  /** What is at a path that has no symbolic link before its last name. */
  Symlink read(String path);
}
