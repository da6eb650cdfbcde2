// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.UserQuotas;

/**
 * What a user without privilege may judge himself by: the kernel tells him about himself, not
 * always about his group. What he may not see is shown as such, and the verdict follows from the
 * rest; where he sees nothing, it could not be told.
 */
final class Visible {
  private Visible() {}

  static AccountQuotas of(AccountQuotas account) {
    UserQuotas all = account.user();
    List<FilesystemQuotas> filesystems =
        all.filesystems().stream().map(there -> of(there, account)).toList();
    return new AccountQuotas(
        new UserQuotas(all.uid(), all.gid(), all.home(), filesystems),
        account.projects(),
        seen(account.groups()));
  }

  private static Map<Unasked, Quota> seen(Map<Unasked, Quota> groups) {
    Map<Unasked, Quota> seen = new LinkedHashMap<>(groups);
    seen.replaceAll(
        (group, quota) -> isHidden(quota) ? Quota.off(quota.type(), quota.id()) : quota);
    return seen;
  }

  private static FilesystemQuotas of(FilesystemQuotas all, AccountQuotas account) {
    boolean hidesProjects =
        account.on(all).stream()
            .anyMatch(quota -> quota.type() == QuotaType.PROJECT && isHidden(quota));
    List<Quota> seen =
        all.quotas().stream()
            .filter(quota -> !isHidden(quota))
            .filter(quota -> quota.type() != QuotaType.PROJECT || !hidesProjects)
            .toList();
    return seen.isEmpty() ? all : new FilesystemQuotas(all.major(), all.minor(), seen);
  }

  private static boolean isHidden(Quota quota) {
    return quota.state() == QuotaState.FAILED && Errno.name(quota.errno()).equals("EPERM");
  }
}
