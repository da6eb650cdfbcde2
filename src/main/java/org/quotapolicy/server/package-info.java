// SPDX-License-Identifier: Apache-2.0

/**
 * The policy socket: its file, its connections, their limits and deadlines, and the daemon's log.
 *
 * <p>Knows {@code policy} for what is said on a connection. Of quotas only {@link
 * org.quotapolicy.server.RecipientCheck} knows, which decides, and asks {@code helperclient} and
 * {@code mailbox} for that. Touches the policy socket and standard error. One thread serves all
 * connections, one writes the log, four judge, since that may block on a disk; none waits for
 * another.
 *
 * <p>SECURITY: whoever may open the socket can connect, many times, and send anything. All of a
 * peer's memory and time is bounded; whatever he does ends at most his own connection. What he sent
 * reaches the log only escaped, and the peer only in the form of configured actions, that is, not
 * at all.
 */
@NullMarked
package org.quotapolicy.server;

import org.jspecify.annotations.NullMarked;
