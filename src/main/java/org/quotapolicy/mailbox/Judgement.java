// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
    return first(Refuse.class)
        .or(() -> first(Unknown.class))
        .map(Judged::verdict)
        .orElseGet(this::acceptance);
  }

  /** The first mailbox that has no room, if any. */
  public Optional<Judged> refusing() {
    return first(Refuse.class);
  }

  /** What it depends on, and nothing was said about. */
  public Stream<Unasked> unasked() {
    return mailboxes.stream().flatMap(one -> one.unasked().stream());
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
    return new Judgement(
        mailboxes.stream()
            .map(
                one ->
                    one.nfsMount().filter(mount::equals).isPresent()
                        ? one.told(mount, quotas, trouble, now)
                        : one)
            .toList());
  }

  /** The mounts of NFS servers that it depends on. */
  public List<NfsMount> nfsMounts() {
    return mailboxes.stream().flatMap(one -> one.nfsMount().stream()).distinct().toList();
  }

  /** The first mailbox of which it could not be told, if any. */
  public Optional<Judged> untold() {
    return first(Unknown.class);
  }

  private Optional<Judged> first(Class<? extends Verdict> kind) {
    return mailboxes.stream().filter(one -> kind.isInstance(one.verdict())).findFirst();
  }

  /** What sets most limits: there is room, rather than no quota. */
  private Verdict acceptance() {
    return mailboxes.stream()
        .map(one -> ((Accept) one.verdict()).reason())
        .max(Accept.Reason::compareTo)
        .map(Accept::new)
        .orElse(new Accept(Accept.Reason.NO_QUOTA));
  }
}
