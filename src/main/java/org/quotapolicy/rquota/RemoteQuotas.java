// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.List;
import java.util.Optional;
import org.quotapolicy.quota.Quota;

/**
 * What a server said of a user and his group.
 *
 * @param quotas the user's and the group's. ENFORCED: whether somebody is held to limits is not in
 *     the protocol, so all that it tells is taken for enforced; OFF: there is none, or nobody there
 *     to tell; FAILED: see {@code trouble}
 * @param trouble why one of them could not be told
 */
public record RemoteQuotas(List<Quota> quotas, Optional<Trouble> trouble) {
  public RemoteQuotas {
    quotas = List.copyOf(quotas);
  }

  /**
   * Why something is not known.
   *
   * @param reason one line for the administrator, which names the server
   * @param isOverload whether nobody was asked because too many others are
   */
  public record Trouble(String reason, boolean isOverload) {}
}
