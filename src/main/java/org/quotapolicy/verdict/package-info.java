// SPDX-License-Identifier: Apache-2.0

/**
 * The kernel's rule, and what it makes of a user's quotas: the verdict.
 *
 * <p>Knows {@code quota} and touches nothing; the moment of a decision is passed in. Runs in the
 * daemon only: the helper reports numbers and decides nothing.
 */
@NullMarked
package org.quotapolicy.verdict;

import org.jspecify.annotations.NullMarked;
