// SPDX-License-Identifier: Apache-2.0

/**
 * The packets between daemon and helper, and their version.
 *
 * <p>Layout: docs/architecture.md. One packet is one SOCK_SEQPACKET message, so there is no
 * framing. Knows {@code quota} for the numbers it carries; touches nothing.
 *
 * <p>SECURITY: both sides decode what the other, possibly taken over, has sent. Each length is
 * checked before it is used, each enumeration by its range, nothing may be left over, and any
 * surprise is a {@link org.quotapolicy.wire.MalformedPacketException}.
 */
@NullMarked
package org.quotapolicy.wire;

import org.jspecify.annotations.NullMarked;
