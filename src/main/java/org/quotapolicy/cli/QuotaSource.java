// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import org.quotapolicy.helperclient.PageResult;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.QuotaType;

/** Tells quotas of the ids of a filesystem, page by page. */
@FunctionalInterface
interface QuotaSource {

  /** The page of the ids that are not less than {@code first}. */
  PageResult page(Mount filesystem, QuotaType type, long first);
}
