// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.NfsMount;
import org.quotapolicy.rquota.Export;
import org.quotapolicy.rquota.RemoteQuotas;
import org.quotapolicy.rquota.Rquota;

/** Asks the servers about those mailboxes of a judgement that are on NFS. */
public final class NfsMailboxes {
  private final Rquota rquota;

  public NfsMailboxes(Rquota rquota) {
    this.rquota = rquota;
  }

  /**
   * A judgement that lacks what servers say.
   *
   * @param uid of the account whose quotas count; an unsigned 32-bit number
   * @param gid its primary group; an unsigned 32-bit number
   * @param deadline when to give up, as System.nanoTime()
   */
  public record Open(Judgement judgement, long uid, long gid, long deadline) {
    private Open with(NfsMount mount, RemoteQuotas told) {
      Optional<String> trouble = told.trouble().map(RemoteQuotas.Trouble::reason);
      Judgement more = judgement.told(mount, told.quotas(), trouble, Instant.now());
      return new Open(more, uid, gid, deadline);
    }
  }

  /**
   * Asks about one mount after the other, until one has no room. Never waits.
   *
   * @param sink takes the judgement, once, on any thread; it must not wait
   */
  public void decide(Open open, Consumer<Judgement> sink) {
    decide(open, open.judgement().nfsMounts(), sink);
  }

  private void decide(Open open, List<NfsMount> mounts, Consumer<Judgement> sink) {
    if (mounts.isEmpty() || open.judgement().refusing().isPresent()) {
      sink.accept(open.judgement());
      return;
    }
    NfsMount mount = mounts.get(0);
    List<NfsMount> others = mounts.subList(1, mounts.size());
    Optional<Export> export = Export.of(mount.type(), mount.source(), mount.options());
    if (export.isEmpty()) {
      decide(open, others, sink);
    } else {
      rquota.ask(
          export.get(),
          open.uid(),
          open.gid(),
          open.deadline(),
          told -> decide(open.with(mount, told), others, sink));
    }
  }
}
