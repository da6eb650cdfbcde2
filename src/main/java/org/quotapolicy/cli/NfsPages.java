// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.quotapolicy.helperclient.PageResult;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.rquota.Export;
import org.quotapolicy.rquota.RemoteQuotas;
import org.quotapolicy.rquota.RquotaClient;

/**
 * What NFS servers say of the ids that this machine knows: of which others they have, the protocol
 * cannot tell.
 */
final class NfsPages implements QuotaSource {
  /** Asked at once: what waits for its turn at the server must get it in half of the time-out. */
  private static final int IDS = 64;

  private final RquotaClient client;
  private final Ids ids;

  /** Which ids to ask about. */
  @FunctionalInterface
  interface Ids {
    /** In ascending order. */
    List<Long> of(QuotaType type) throws IOException;
  }

  NfsPages(RquotaClient client, Ids ids) {
    this.client = client;
    this.ids = ids;
  }

  @Override
  public PageResult page(Mount filesystem, QuotaType type, long first) {
    Optional<Export> export =
        Export.of(filesystem.type(), filesystem.source(), filesystem.superOptions());
    if (export.isEmpty()) {
      return new PageResult.CouldNotTell("the mount does not say which server to ask");
    }
    try {
      List<Long> wanted = ids.of(type).stream().filter(id -> id >= first).toList();
      List<Long> now = wanted.subList(0, Math.min(IDS, wanted.size()));
      long next = now.size() == wanted.size() ? QuotaPage.END : wanted.get(now.size());
      return page(type, ask(export.get(), type, now), next);
    } catch (IOException e) {
      return new PageResult.CouldNotTell(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PageResult.CouldNotTell("interrupted");
    }
  }

  private List<RemoteQuotas> ask(Export export, QuotaType type, List<Long> wanted)
      throws InterruptedException {
    BlockingQueue<RemoteQuotas> answers = new LinkedBlockingQueue<>();
    wanted.forEach(id -> client.ask(export, type, id, answers::add));
    List<RemoteQuotas> all = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      all.add(answers.take());
    }
    return all;
  }

  private static PageResult page(QuotaType type, List<RemoteQuotas> told, long next) {
    for (RemoteQuotas one : told) {
      if (one.trouble().isPresent()) {
        return new PageResult.CouldNotTell(one.trouble().get().reason());
      }
    }
    List<Quota> quotas =
        told.stream()
            .flatMap(one -> one.quotas().stream())
            .filter(quota -> quota.state() == QuotaState.ENFORCED)
            .sorted((a, b) -> Long.compare(a.id(), b.id()))
            .toList();
    return new PageResult.Listed(
        quotas.isEmpty()
            ? QuotaPage.off(type)
            : new QuotaPage(type, QuotaState.ENFORCED, 0, quotas, next));
  }
}
