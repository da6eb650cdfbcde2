// SPDX-License-Identifier: Apache-2.0

/**
 * Quotas of NFS servers, asked for by the rquota protocol (ONC RPC program 100011).
 *
 * <p>Knows {@code quota}; touches UDP and TCP sockets to the servers of this machine's NFS mounts,
 * and /proc/sys/kernel/hostname. No path on an NFS mount is ever touched, and no name resolved.
 *
 * <p>SECURITY: a server may say what it likes, and anybody may send datagrams in its name. A reply
 * is read with bounds from a small buffer, taken only from the address and port that was asked and
 * with the number of the call, and one that is not as it should be is dropped. Nothing here runs
 * with a privilege, nor ever in the helper.
 */
@NullMarked
package org.quotapolicy.rquota;

import org.jspecify.annotations.NullMarked;
