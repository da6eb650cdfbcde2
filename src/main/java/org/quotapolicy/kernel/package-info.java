// SPDX-License-Identifier: Apache-2.0

/**
 * What the helper asks the kernel and the C library, by JNA: a small public face for the few calls
 * that Java has no other way to make. What only the daemon needs is in {@code system}, and not in
 * the helper's jar.
 *
 * <p>{@code Libc} is the C library under its C names, {@code Headers} the layouts and constants
 * that src/native-headers proves; both are seen here only. What {@code system} builds its own calls
 * of (memory, descriptors, filters) is public for it alone; a test sees to that. Everything else
 * takes and returns Java values in this program's units: bytes, inode counts, seconds since the
 * epoch. Texts carry each byte as one char (ISO 8859-1). Knows {@code quota}. {@code MountInfo}
 * parses /proc/self/mountinfo and touches nothing: the bytes of the table are passed in.
 *
 * <p>Expected outcomes are values; a {@link org.quotapolicy.kernel.NativeFailure} says which call
 * failed on what and why. 64-bit Linux only: the layouts are those of x86-64 and aarch64.
 *
 * <p>SECURITY: this package runs in the helper, which is never root but holds CAP_SYS_ADMIN, and as
 * root at the start of a daemon that is started as root. It writes no file, makes none, and passes
 * no text to a shell or a loader; the only paths it opens for reading are /proc/self/mountinfo,
 * /dev/null, /etc/passwd (nothing of it is read) and, to see what identity each thread has,
 * /proc/self/task and the status files in it; a mount point, if at all, is opened without any
 * access (O_PATH), except for as long as an inode of XFS is asked for. No address leaves this
 * package and every length that the kernel returns is checked by the buffer it is read from.
 */
@NullMarked
package org.quotapolicy.kernel;

import org.jspecify.annotations.NullMarked;
