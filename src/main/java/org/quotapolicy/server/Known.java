// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quotapolicy.mailbox.Device;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * What the helper has said so far about one user.
 *
 * @param quotas of all filesystems that it was asked about; of one that it was asked about again,
 *     what it said last
 * @param asked devices that were asked about by their number, whether it knows them or not
 * @param left how many more of them may be asked about
 * @param refusal what the look before came to, if there was one
 */
record Known(Optional<UserQuotas> quotas, List<Device> asked, int left, Optional<Refuse> refusal) {

  /** Nothing yet. */
  static Known nothing(int left) {
    return new Known(Optional.empty(), List.of(), left, Optional.empty());
  }

  /** Whether this is an answer about somebody else: the account was changed in between. */
  boolean isOther(UserQuotas told) {
    return quotas.filter(before -> !isSame(before, told)).isPresent();
  }

  /** With a further answer about the same account. */
  Known and(UserQuotas told) {
    UserQuotas all = quotas.map(before -> sum(before, told)).orElse(told);
    return new Known(Optional.of(all), asked, left, refusal);
  }

  private static boolean isSame(UserQuotas one, UserQuotas other) {
    return one.uid() == other.uid() && one.gid() == other.gid() && one.home().equals(other.home());
  }

  private static UserQuotas sum(UserQuotas before, UserQuotas told) {
    Stream<FilesystemQuotas> kept =
        before.filesystems().stream()
            .filter(old -> told.filesystems().stream().noneMatch(now -> isOn(old, now)));
    List<FilesystemQuotas> all = Stream.concat(kept, told.filesystems().stream()).toList();
    return new UserQuotas(told.uid(), told.gid(), told.home(), all);
  }

  private static boolean isOn(FilesystemQuotas one, FilesystemQuotas other) {
    return one.major() == other.major() && one.minor() == other.minor();
  }

  /** Whether it was asked about this one. */
  boolean asked(Device device) {
    return asked.contains(device);
  }

  /** When it is asked about this one, in the hope that it is the right one. */
  Known guessing(Device device) {
    return new Known(quotas, List.of(device), left, refusal);
  }

  /** When it is asked about this one, too. */
  Known asking(Device device) {
    List<Device> more = new ArrayList<>(asked);
    more.add(device);
    return new Known(quotas, more, left - 1, refusal);
  }

  /** When a refusal is to be looked at again. */
  Known with(Refuse refuse) {
    return new Known(quotas, asked, left, Optional.of(refuse));
  }
}
