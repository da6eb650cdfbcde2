// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.MailboxPath;
import org.quotapolicy.mailbox.Place;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.rquota.Export;
import org.quotapolicy.rquota.RemoteQuotas;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Unknown;

class NfsMailboxesTest {
  private static final Verdict FULL =
      new Refuse(
          QuotaType.USER,
          1,
          org.quotapolicy.verdict.Resource.SPACE,
          Refuse.Cause.HARD_LIMIT,
          ResourceQuota.NONE,
          1);

  private final List<Export> asked = new ArrayList<>();
  private final List<Judgement> decided = new ArrayList<>();

  private static Judged on(String type, String source, Verdict verdict) {
    return on(1, type, source, "addr=10.0.0.1", verdict);
  }

  private static Judged on(int minor, String type, String source, String options, Verdict verdict) {
    Mount mount = new Mount(minor, 1, 0, minor, "/", "/m" + minor, type, source, options);
    Place place = new Place.Network(mount);
    MailboxPath path = new MailboxPath("/m/", true);
    return new Judged(path, place, Need.ofMessage(0), verdict, Optional.empty(), Optional.empty());
  }

  private static Quota quota(QuotaType type, long hard, long used) {
    ResourceQuota space = new ResourceQuota(used, 0, hard, 0);
    return new Quota(type, 7, QuotaState.ENFORCED, 0, space, ResourceQuota.NONE);
  }

  private static RemoteQuotas told(long hard, long used) {
    return new RemoteQuotas(
        List.of(quota(QuotaType.USER, hard, used), Quota.off(QuotaType.GROUP, 8)),
        Optional.empty());
  }

  private Verdict decide(RemoteQuotas says, Judged... mailboxes) {
    NfsMailboxes servers =
        new NfsMailboxes(
            (export, uid, gid, deadline, sink) -> {
              asked.add(export);
              assertEquals(List.of(7L, 8L, 9L), List.of(uid, gid, deadline));
              sink.accept(says);
            });
    Judgement judgement = new Judgement(List.of(mailboxes));
    servers.decide(new NfsMailboxes.Open(judgement, 7, 8, 9), decided::add);
    assertEquals(1, decided.size());
    return decided.get(0).verdict();
  }

  @Test
  void decide_serverSaysFull_refuses() {
    Verdict verdict = decide(told(4096, 4096), on("nfs", "nas:/home", new Unknown("?")));

    assertEquals(QuotaType.USER, assertInstanceOf(Refuse.class, verdict).type());
    assertEquals(List.of("/home"), asked.stream().map(Export::path).toList());
    assertEquals(2, decided.get(0).mailboxes().get(0).counted().orElseThrow().quotas().size());
  }

  @Test
  void decide_serverSaysThereIsRoom_accepts() {
    Verdict verdict = decide(told(1 << 20, 4096), on("nfs4", "nas:/home", new Unknown("?")));

    assertEquals(new Accept(Accept.Reason.ROOM), verdict);
  }

  @Test
  void decide_groupNotTold_isUnknownForTheServersReason() {
    RemoteQuotas half =
        new RemoteQuotas(
            List.of(quota(QuotaType.USER, 1 << 20, 0), Quota.failed(QuotaType.GROUP, 8, 110)),
            Optional.of(new RemoteQuotas.Trouble("nas sleeps", false)));

    assertEquals(new Unknown("nas sleeps"), decide(half, on("nfs", "nas:/a", new Unknown("?"))));
  }

  @Test
  void decide_groupNotToldAndUserFull_refuses() {
    RemoteQuotas half =
        new RemoteQuotas(
            List.of(quota(QuotaType.USER, 4096, 4096), Quota.failed(QuotaType.GROUP, 8, 110)),
            Optional.of(new RemoteQuotas.Trouble("nas sleeps", false)));

    assertInstanceOf(Refuse.class, decide(half, on("nfs", "nas:/a", new Unknown("?"))));
  }

  @Test
  void decide_localMailboxFull_asksNobody() {
    Judged full = on(2, "ext4", "/dev/sda", "", FULL);

    assertEquals(FULL, decide(told(1, 1), on("nfs", "nas:/a", new Unknown("?")), full));
    assertEquals(List.of(), asked);
  }

  @Test
  void decide_severalMounts_asksAboutEachOnce() {
    Judged other = on(2, "nfs", "nas:/b", "addr=10.0.0.1", new Unknown("?"));
    Judged first = on("nfs", "nas:/a", new Unknown("?"));

    assertEquals(new Accept(Accept.Reason.ROOM), decide(told(1 << 20, 0), first, other, first));
    assertEquals(List.of("/a", "/b"), asked.stream().map(Export::path).toList());
  }

  @Test
  void decide_otherNetwork_staysUnknown() {
    Unknown unknown = new Unknown("who knows");

    Judged noAddress = on(3, "nfs", "nas:/a", "addr=nas.example", unknown);
    assertEquals(unknown, decide(told(1, 1), on("cifs", "//nas/a", unknown), noAddress));
    assertEquals(List.of(), asked);
  }
}
