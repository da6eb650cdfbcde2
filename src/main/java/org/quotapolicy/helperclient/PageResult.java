// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import org.quotapolicy.quota.QuotaPage;

/** The outcome of asking for a page of quotas. */
public sealed interface PageResult {

  /** The helper's page; what the kernel said is inside. */
  record Listed(QuotaPage page) implements PageResult {}

  /**
   * Nothing is known.
   *
   * @param reason one line for the administrator
   */
  record CouldNotTell(String reason) implements PageResult {}
}
