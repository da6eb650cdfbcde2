// SPDX-License-Identifier: Apache-2.0

/**
 * The mount table: parses /proc/self/mountinfo, finds the mount that holds a path.
 *
 * <p>Knows no other package and touches nothing: the bytes of the table and a way to read symbolic
 * links are passed in. Paths carry each byte as one char (ISO 8859-1).
 */
@NullMarked
package org.quotapolicy.mount;

import org.jspecify.annotations.NullMarked;
