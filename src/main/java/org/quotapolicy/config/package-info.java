// SPDX-License-Identifier: Apache-2.0

/**
 * Options of the daemon: raw texts in, one immutable configuration out, or all problems at once.
 *
 * <p>Knows {@code policy} for what an action and a delimiter may be; touches nothing.
 */
@NullMarked
package org.quotapolicy.config;

import org.jspecify.annotations.NullMarked;
