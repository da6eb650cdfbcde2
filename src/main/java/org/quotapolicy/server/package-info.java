// SPDX-License-Identifier: Apache-2.0

/**
 * The policy socket: its file, its connections, their limits and deadlines, and the daemon's log.
 *
 * <p>Knows {@code policy} for what is said on a connection, and nothing of quotas: a {@link
 * org.quotapolicy.server.RequestHandler} decides. Touches the policy socket and standard error.
 *
 * <p>SECURITY: whoever may open the socket can connect, many times, and send anything. All of a
 * peer's memory and time is bounded; whatever he does ends at most his own connection. What he sent
 * reaches the log only escaped, and the peer only in the form of configured actions, that is, not
 * at all.
 */
@NullMarked
package org.quotapolicy.server;

import org.jspecify.annotations.NullMarked;
