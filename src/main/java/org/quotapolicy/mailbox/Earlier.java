// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.ArrayList;
import java.util.List;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Needs;

/**
 * What a message takes in the mailboxes before one: of the quotas that it shares with them.
 *
 * @param taken one for each of them that has quotas
 */
public record Earlier(List<Taken> taken) {
  static final Earlier NOTHING = new Earlier(List.of());

  /**
   * In one mailbox.
   *
   * @param quotas that count there
   * @param need in whole blocks; without what is wanted only to make a file, and given back
   */
  record Taken(FilesystemQuotas quotas, Need need) {
    private boolean isOf(Device device, Quota quota) {
      return Device.of(quotas).equals(device)
          && quotas.quotas().stream()
              .anyMatch(one -> one.type() == quota.type() && one.id() == quota.id());
    }
  }

  Earlier and(FilesystemQuotas quotas, Need need) {
    List<Taken> all = new ArrayList<>(taken);
    all.add(new Taken(quotas, need));
    return new Earlier(all);
  }

  /** What is needed of each quota of a filesystem, with what a mailbox there needs. */
  Needs and(Need need, FilesystemQuotas there) {
    return taken.isEmpty() ? need : quota -> sum(need, Device.of(there), quota);
  }

  private Need sum(Need need, Device device, Quota quota) {
    Need sum = need;
    for (Taken one : taken) {
      sum = one.isOf(device, quota) ? sum.plus(one.need()) : sum;
    }
    return sum;
  }
}
