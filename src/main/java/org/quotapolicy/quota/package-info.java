// SPDX-License-Identifier: Apache-2.0

/**
 * Quotas as the kernel tells them: types, limits, usage, grace expiry.
 *
 * <p>Knows no other package and touches nothing. Space is in bytes, inodes are counted, both as
 * unsigned 64-bit numbers; moments are seconds since the epoch.
 */
@NullMarked
package org.quotapolicy.quota;

import org.jspecify.annotations.NullMarked;
