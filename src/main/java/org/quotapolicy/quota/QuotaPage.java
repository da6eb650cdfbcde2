// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import java.util.List;

/**
 * Some of the ids that have a quota of one type on one filesystem, in ascending order.
 *
 * @param type whose usage is counted
 * @param state whether the limits bind
 * @param errno why it is FAILED, a number of errno(3); 0 otherwise
 * @param quotas of that type and state, at most {@link #MAX_QUOTAS}; none if it is OFF or FAILED
 * @param next the id to go on with, greater than all here; {@link #END} = there are no more
 */
public record QuotaPage(
    QuotaType type, QuotaState state, int errno, List<Quota> quotas, long next) {
  /** Most quotas, so that a page fits into a packet. */
  public static final int MAX_QUOTAS = 900;

  /** One more than the greatest id there can be; {@code (uid_t) -1} is nobody's. */
  public static final long END = 0xffff_ffffL;

  public QuotaPage {
    quotas = List.copyOf(quotas);
    if (quotas.size() > MAX_QUOTAS || next > END) {
      throw new IllegalArgumentException("too many quotas or too great an id for a page");
    }
    if (!quotas.isEmpty() && state != QuotaState.ENFORCED && state != QuotaState.ACCOUNTED) {
      throw new IllegalArgumentException("quotas of a type that is off or was not told");
    }
    long last = -1;
    for (Quota quota : quotas) {
      if (quota.type() != type || quota.state() != state || quota.id() <= last) {
        throw new IllegalArgumentException("quotas of a page of two kinds or in disorder");
      }
      last = quota.id();
    }
    if (next <= last) {
      throw new IllegalArgumentException("a page that goes back");
    }
  }

  /** There are none: this type is off. */
  public static QuotaPage off(QuotaType type) {
    return new QuotaPage(type, QuotaState.OFF, 0, List.of(), END);
  }

  /** The kernel could not be asked; {@code errno} is a number of errno(3). */
  public static QuotaPage failed(QuotaType type, int errno) {
    return new QuotaPage(type, QuotaState.FAILED, errno, List.of(), END);
  }
}
