// SPDX-License-Identifier: Apache-2.0

/** The package as whoever asks it and as servers see it; a server on the loopback plays theirs. */
@NullMarked
package org.quotapolicy.rquota;

import org.jspecify.annotations.NullMarked;
