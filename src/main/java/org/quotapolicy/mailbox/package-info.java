// SPDX-License-Identifier: Apache-2.0

/**
 * Which filesystem holds a user's mail, and the verdict for him.
 *
 * <p>Knows {@code quota}, {@code verdict} and {@code kernel}. Touches nothing but
 * /proc/self/mountinfo, /etc/projects and, on local mounts, symbolic links with readlink(2), mount
 * points with statfs(2), an mbox with statx(2), and where group or project quota is enforced the
 * mailbox's directory with statx(2) and open(2). A local disk that hangs blocks its caller.
 */
@NullMarked
package org.quotapolicy.mailbox;

import org.jspecify.annotations.NullMarked;
