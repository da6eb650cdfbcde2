// SPDX-License-Identifier: Apache-2.0

/**
 * The daemon's side of the socketpair: starts the helper, asks it with a deadline, starts it again.
 *
 * <p>Knows {@code kernel} for the socket, {@code wire} and {@code quota} for what goes over it,
 * {@code verdict} for what it tells whoever asked. Touches the socketpair and the child process.
 * Two threads: one receives, and starts the helper; one watches deadlines. Whoever asks never
 * waits.
 *
 * <p>SECURITY: the helper holds a capability and this side holds none. The helper's command line is
 * fixed and its environment empty. What comes from it is checked all the same: anything that is not
 * a packet in its place ends the conversation, and its answers only ever complete the look-up that
 * they carry the number of.
 */
@NullMarked
package org.quotapolicy.helperclient;

import org.jspecify.annotations.NullMarked;
