// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.util.List;
import java.util.Optional;
import org.quotapolicy.helperclient.PageResult;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.UserQuotas;

/** What users without privilege may see: themselves, and perhaps their group. */
record OwnPages(UserQuotas self) implements QuotaSource {

  @Override
  public PageResult page(Mount filesystem, QuotaType type, long first) {
    return new PageResult.Listed(
        quota(filesystem, type).map(OwnPages::page).orElseGet(() -> QuotaPage.off(type)));
  }

  /** Whom to ask servers about. */
  List<Long> ids(QuotaType type) {
    return switch (type) {
      case USER -> List.of(self.uid());
      case GROUP -> List.of(self.gid());
      case PROJECT -> List.of();
    };
  }

  private Optional<Quota> quota(Mount filesystem, QuotaType type) {
    return self.filesystems().stream()
        .filter(there -> there.major() == filesystem.major() && there.minor() == filesystem.minor())
        .flatMap(there -> there.quotas().stream())
        .filter(quota -> quota.type() == type)
        .findFirst();
  }

  private static QuotaPage page(Quota quota) {
    QuotaState state = quota.state();
    boolean hasNumbers = state == QuotaState.ENFORCED || state == QuotaState.ACCOUNTED;
    List<Quota> quotas = hasNumbers ? List.of(quota) : List.of();
    return new QuotaPage(quota.type(), state, quota.errno(), quotas, QuotaPage.END);
  }
}
