// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import org.quotapolicy.kernel.Mount;

/**
 * A mount of an NFS server, with what it takes to ask that for quotas.
 *
 * @param device of the mount, on this machine
 * @param type {@code nfs} or {@code nfs4}
 * @param source {@code server:/path}
 * @param options {@code addr=} and the server's address, as the kernel found it
 */
public record NfsMount(Device device, String type, String source, String options) {

  /** Empty if it is another mount. */
  static Optional<NfsMount> of(Mount mount) {
    return MountKind.isNfs(mount.type())
        ? Optional.of(
            new NfsMount(Device.of(mount), mount.type(), mount.source(), mount.superOptions()))
        : Optional.empty();
  }
}
