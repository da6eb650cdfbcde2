// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.List;

/** All the places where a message for a user is stored. */
public sealed interface Mailboxes {

  /** Each of these. */
  record At(List<MailboxPath> paths) implements Mailboxes {
    public At {
      paths = List.copyOf(paths);
    }

    /** A Maildir at this path. */
    public static At maildir(String path) {
      return new At(List.of(new MailboxPath(path, true)));
    }
  }

  /** A file of its own on every filesystem that quotas of his are known of. */
  record Everywhere() implements Mailboxes {}
}
