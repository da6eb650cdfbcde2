// SPDX-License-Identifier: Apache-2.0

/**
 * Which filesystem holds a user's mail, and the verdict for him.
 *
 * <p>Knows {@code mount}, {@code quota}, {@code verdict} and {@code kernel}. Touches nothing but
 * symbolic links on local mounts, which it reads with readlink(2).
 */
@NullMarked
package org.quotapolicy.mailbox;

import org.jspecify.annotations.NullMarked;
