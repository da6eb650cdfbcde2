// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

/** For cases without NFS. */
final class TestServers {
  /** Must not be asked. */
  static final NfsMailboxes NONE =
      new NfsMailboxes(
          (export, uid, gid, deadline, sink) -> {
            throw new AssertionError("asked " + export);
          });

  private TestServers() {}
}
