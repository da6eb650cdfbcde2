// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

/**
 * What is answered in which case.
 *
 * @param overQuota the user's space is full
 * @param overInodeQuota the user has no inode left
 * @param tooLarge the message would not fit even an empty mailbox
 * @param onError it could not be told
 * @param dryRun whether nothing is refused, only logged
 * @param debug whether each decision is logged
 */
public record Answers(
    ActionTemplate overQuota,
    ActionTemplate overInodeQuota,
    ActionTemplate tooLarge,
    ActionTemplate onError,
    boolean dryRun,
    boolean debug) {}
