// SPDX-License-Identifier: Apache-2.0

/**
 * What the daemon and the commands ask the kernel and the C library for themselves, with their own
 * rights: files of their own sight, the names of ids, another identity, their own confinement.
 *
 * <p>Beside {@code kernel} the only package that uses JNA, and built like it: {@code Libc} and
 * {@code Headers} are seen here only. It is not in the helper's jar, so nothing in it can be done
 * with the helper's privilege. As root it runs at the start of a daemon that root starts, to give
 * root up.
 */
@NullMarked
package org.quotapolicy.system;

import org.jspecify.annotations.NullMarked;
