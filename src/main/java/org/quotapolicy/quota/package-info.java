// SPDX-License-Identifier: Apache-2.0

/**
 * Quotas and the kernel's rule: types, limits, usage, grace expiry, verdict.
 *
 * <p>Knows no other package and touches nothing; the moment of a decision is passed in. Space is in
 * bytes, inodes are counted, both as unsigned 64-bit numbers; moments are seconds since the epoch.
 */
@NullMarked
package org.quotapolicy.quota;

import org.jspecify.annotations.NullMarked;
