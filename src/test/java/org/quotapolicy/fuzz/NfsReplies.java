// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import java.util.Optional;
import org.quotapolicy.rquota.ReplyBytes;

/** What an NFS server, or who speaks in its name, sends for a reply: it is read, or refused. */
public final class NfsReplies {
  private NfsReplies() {}

  /** One reply. */
  public static void fuzzerTestOneInput(byte[] data) {
    Optional<String> told = ReplyBytes.ofGetQuota(data);
    Must.hold(told.isEmpty() || told.get().length() < 2_000, "what it says is bounded");
  }
}
