// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.List;
import org.quotapolicy.policy.Storage;

/**
 * Finds out whether Postfix makes a lock file beside an mbox: if local(8), or with a charged
 * account virtual(8), writes to it, and {@code dotlock} is among its ways to lock. What another
 * program does there is not known; it is taken to make none.
 *
 * <p>Source: postconf(5), deliver_mailbox() in src/local/mailbox.c of Postfix 3.7.
 */
final class LockFiles {
  private static final List<String> OTHER_PROGRAMS =
      List.of(
          "mailbox_command", "mailbox_command_maps", "mailbox_transport", "mailbox_transport_maps");

  private static final List<String> QUESTION =
      List.of(
          "/usr/sbin/postconf",
          "-x",
          "local_transport",
          "mailbox_command",
          "mailbox_command_maps",
          "mailbox_delivery_lock",
          "mailbox_transport",
          "mailbox_transport_maps",
          "virtual_mailbox_lock",
          "virtual_transport");

  private LockFiles() {}

  /** The same storage, as the Postfix of this host locks it. */
  static Storage of(Storage storage, Programs programs) throws IOException {
    return of(storage, Postconf.of(programs.output(QUESTION), "", ""));
  }

  static Storage of(Storage storage, Postconf postfix) {
    return storage.locked(
        storage.charge().isPresent()
            ? isLocked(postfix, "virtual_transport", "virtual", "virtual_mailbox_lock")
            : isLocked(postfix, "local_transport", "local", "mailbox_delivery_lock")
                && OTHER_PROGRAMS.stream().allMatch(name -> postfix.get(name).isEmpty()));
  }

  private static boolean isLocked(Postconf postfix, String by, String service, String locks) {
    String transport = postfix.get(by);
    return (transport.equals(service) || transport.startsWith(service + ":"))
        && postfix.words(locks).contains("dotlock");
  }
}
