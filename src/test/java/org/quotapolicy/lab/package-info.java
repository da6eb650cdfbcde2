// SPDX-License-Identifier: Apache-2.0

/**
 * The cases of the lab: the installed program on a real kernel with real quotas.
 *
 * <p>They run as root in the guest that {@code src/test/lab/run} boots, never on the build machine.
 * They know the program only from outside (command line, policy socket, log, /proc), nothing of its
 * classes, and compare it with what did not come from us: what the kernel lets a user write,
 * quota(1), repquota(8), xfs_quota(8), Postfix's log. The users are those of {@code
 * src/test/lab/prepare}.
 */
@NullMarked
package org.quotapolicy.lab;

import org.jspecify.annotations.NullMarked;
