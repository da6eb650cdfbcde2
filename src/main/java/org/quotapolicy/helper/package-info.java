// SPDX-License-Identifier: Apache-2.0

/**
 * The helper: all that has a privilege. A user name or an id comes in, numbers go out.
 *
 * <p>Knows {@code kernel}, {@code wire} and {@code quota}. Touches standard input,
 * /proc/self/mountinfo, the name service, and asks quotactl(2). In this order it can be read in one
 * sitting: {@code HelperMain} (start and end), {@code HelperLoop} (receive, validate, look up,
 * send), {@code Gate} (what may hang holds few threads), {@code Lookup} (what a name or a page is
 * answered), {@code Filesystems} (which filesystems are asked).
 *
 * <p>SECURITY: the daemon on the other end may have been taken over. It can say three things: a
 * name, where in the ids of a filesystem to go on, and a ping; no path, command or setting comes
 * from it, and none from a file, an argument or the environment. With the first two comes which
 * filesystems to ask, out of the helper's own list: the home's, all, or one by its number, which if
 * it is not in the list is none; and with that number a project's, or on XFS an inode's. It can
 * learn what this program is for: which names exist, each one's quotas and each project's, and
 * which project an inode belongs to. Anything that is not one of those packets ends the helper. The
 * helper decides nothing, writes no file, starts no program, and refuses to run with any capability
 * but CAP_SYS_ADMIN, without no_new_privs, or as uid 0.
 *
 * <p>Users can make a filesystem slow to answer, a mount table large, a name service busy. None of
 * it may stop the others: calls that can hang are behind gates, and what is read is bounded.
 */
@NullMarked
package org.quotapolicy.helper;

import org.jspecify.annotations.NullMarked;
