// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.verdict.Verdict;

/**
 * A verdict and what it rests on.
 *
 * @param verdict holds if the kernel was asked about the filesystem at {@code home}
 * @param home where the home directory leads
 * @param counted the quotas on the filesystem that holds it; empty if there are none or they are
 *     not known
 * @param unasked what is missing: the filesystem that holds it, if it may have quotas and nothing
 *     was said about it, or its project there; only who has asked that may go by the verdict
 */
public record Judgement(
    Verdict verdict, Place home, Optional<FilesystemQuotas> counted, Optional<Unasked> unasked) {

  /**
   * Whether files removed a moment ago may still be counted. XFS frees them later, and waits for
   * that before it refuses to make a file (xfs_inodegc_queue() and xfs_trans_alloc_icreate(), Linux
   * 5.14).
   */
  public boolean mayCountRemovedFiles() {
    return home instanceof Place.Local local && local.mount().type().equals("xfs");
  }
}
