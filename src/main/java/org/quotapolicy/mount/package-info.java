// SPDX-License-Identifier: Apache-2.0

/**
 * The mount table: parses /proc/self/mountinfo.
 *
 * <p>Knows no other package and touches nothing: the bytes of the table are passed in. Paths carry
 * each byte as one char (ISO 8859-1).
 */
@NullMarked
package org.quotapolicy.mount;

import org.jspecify.annotations.NullMarked;
