// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * What the helper has said so far about one user.
 *
 * @param quotas of all filesystems that it was asked about
 * @param asked what it was asked about devices, groups and projects, whether it knows them or not
 * @param left how many more devices may be asked about
 * @param furtherLeft how many more groups and projects
 * @param refusal what the look before came to, if there was one
 */
record Known(
    Optional<AccountQuotas> quotas,
    List<Unasked> asked,
    int left,
    int furtherLeft,
    Optional<Refuse> refusal) {

  /** Of a file: its group; its project by the kernel, be it by an inode, and by a list. */
  private static final int FURTHER = 3;

  /**
   * Nothing yet.
   *
   * @param files that a message is stored in, and that are made beside them
   */
  static Known nothing(int files) {
    return new Known(Optional.empty(), List.of(), files, FURTHER * files, Optional.empty());
  }

  /** Whether this is an answer about somebody else: the account was changed in between. */
  boolean isOther(UserQuotas told) {
    return quotas.isPresent() && !isSame(quotas.get().user(), told);
  }

  /** With a further answer about the same account; the first is about no group and no project. */
  Known and(UserQuotas told, Optional<Unasked> question) {
    AccountQuotas all =
        question.isPresent() && quotas.isPresent()
            ? quotas.get().and(told, question.get())
            : AccountQuotas.of(told);
    return new Known(Optional.of(all), asked, left, furtherLeft, refusal);
  }

  private static boolean isSame(UserQuotas one, UserQuotas other) {
    return one.uid() == other.uid() && one.gid() == other.gid() && one.home().equals(other.home());
  }

  /** Whether it may be asked about this one, too. */
  boolean mayAsk(Unasked what) {
    return (what.isFurther() ? furtherLeft : left) > 0;
  }

  /** Whether it was asked about this one. */
  boolean asked(Unasked what) {
    return asked.contains(what);
  }

  /** When it is asked about this one, in the hope that it is the right one. */
  Known guessing(Unasked what) {
    return new Known(quotas, List.of(what), left, furtherLeft, refusal);
  }

  /** When it is asked about this one, too. */
  Known asking(Unasked what) {
    List<Unasked> more = new ArrayList<>(asked);
    more.add(what);
    return what.isFurther()
        ? new Known(quotas, more, left, furtherLeft - 1, refusal)
        : new Known(quotas, more, left - 1, furtherLeft, refusal);
  }

  /** When a refusal is to be looked at again. */
  Known with(Refuse refuse) {
    return new Known(quotas, asked, left, furtherLeft, Optional.of(refuse));
  }
}
