// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

/** What readlink(2) found at a path. */
public sealed interface Symlink {

  /** A symbolic link. */
  record Target(String path) implements Symlink {}

  /** Something else: EINVAL. */
  record NotALink() implements Symlink {}

  /** Nothing is there: ENOENT. */
  record Absent() implements Symlink {}

  /** It may not be looked at: EACCES. */
  record Hidden() implements Symlink {}

  /**
   * Any other failure.
   *
   * @param error its name, as in errno(3)
   */
  record Failed(String error) implements Symlink {}
}
