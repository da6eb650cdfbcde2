// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.verdict.Verdict;

/**
 * A verdict and what it rests on.
 *
 * @param home where the home directory leads
 * @param counted the quotas on the filesystem that holds it; empty if there are none or they are
 *     not known
 */
public record Judgement(Verdict verdict, Place home, Optional<FilesystemQuotas> counted) {}
