// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Unknown;

/**
 * A verdict of all mailboxes that a message is stored in.
 *
 * <p>Refuse wins over could-not-tell, could-not-tell wins over accept.
 *
 * @param mailboxes in the order in which they were asked for; none if there is none with quotas
 */
public record Judgement(List<Judged> mailboxes) {

  public Judgement {
    mailboxes = List.copyOf(mailboxes);
  }

  /** Of several that say the same the first counts. */
  public Verdict verdict() {
    Optional<Judged> decisive = refusing();
    if (decisive.isEmpty()) {
      decisive = untold();
    }
    return decisive.isPresent() ? decisive.get().verdict() : acceptance();
  }

  /** The first mailbox that has no room, if any. */
  public Optional<Judged> refusing() {
    return first(Refuse.class);
  }

  /** What it depends on, and nothing was said about. */
  public List<Unasked> unasked() {
    List<Unasked> all = new ArrayList<>();
    for (Judged one : mailboxes) {
      if (one.unasked().isPresent()) {
        all.add(one.unasked().get());
      }
    }
    return all;
  }

  /** The same and one mailbox more. */
  public Judgement and(Judged another) {
    List<Judged> more = new ArrayList<>(mailboxes);
    more.add(another);
    return new Judgement(more);
  }

  /**
   * The same with what a server said of all mailboxes on one of its mounts.
   *
   * @param quotas the user's and his group's
   * @param trouble why one of them is FAILED
   */
  public Judgement told(NfsMount mount, List<Quota> quotas, Optional<String> trouble, Instant now) {
    List<Judged> all = new ArrayList<>();
    Earlier earlier = Earlier.NOTHING;
    for (Judged one : mailboxes) {
      boolean isThere = one.nfsMount().filter(mount::equals).isPresent();
      Judged told = isThere ? one.told(mount, quotas, trouble, earlier, now) : one;
      if (told.isOfInterest()) {
        all.add(told);
      }
      earlier =
          isThere && !one.mailbox().isLockFile()
              ? earlier.and(told.counted().orElseThrow(), told.need().rounded(0))
              : earlier;
    }
    return new Judgement(all);
  }

  /** The mounts of NFS servers that it depends on. */
  public List<NfsMount> nfsMounts() {
    List<NfsMount> mounts = new ArrayList<>();
    for (Judged one : mailboxes) {
      Optional<NfsMount> mount = one.nfsMount();
      if (mount.isPresent() && !mounts.contains(mount.get())) {
        mounts.add(mount.get());
      }
    }
    return mounts;
  }

  /** The first mailbox of which it could not be told, if any. */
  public Optional<Judged> untold() {
    return first(Unknown.class);
  }

  private Optional<Judged> first(Class<? extends Verdict> kind) {
    for (Judged one : mailboxes) {
      if (kind.isInstance(one.verdict())) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** What sets most limits: there is room, rather than no quota. */
  private Verdict acceptance() {
    Accept most = new Accept(Accept.Reason.NO_QUOTA);
    for (Judged one : mailboxes) {
      Accept accept = (Accept) one.verdict();
      most = accept.reason().compareTo(most.reason()) > 0 ? accept : most;
    }
    return most;
  }
}
