// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quotapolicy.cli.Finding.Entry;
import org.quotapolicy.cli.Finding.Outcome;
import org.quotapolicy.config.ConfigFile;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Setting;
import org.quotapolicy.config.Settings;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.MailboxPath;
import org.quotapolicy.mailbox.Place;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Rule;
import org.quotapolicy.verdict.Verdict;

/** Explanations against those in src/test/resources/org/quotapolicy/cli, as they are printed. */
final class ReasoningTest {
  private static final MailboxPath HOME = new MailboxPath("/home/alice/", true);
  private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);
  private static final UserQuotas ALICE = new UserQuotas(1001, 100, "/home/alice", List.of());
  private static final Mount EXT4 =
      new Mount(30, 1, 8, 17, "/", "/data", "ext4", "/dev/sdb1", "rw");
  private static final Mount XFS = new Mount(31, 1, 8, 33, "/", "/home", "xfs", "/dev/sdc1", "rw");
  private static final Mount NFS =
      new Mount(32, 1, 0, 50, "/", "/home", "nfs4", "server:/home", "rw");

  private static Quota quota(QuotaType type, ResourceQuota space, ResourceQuota inodes) {
    return new Quota(
        type, type == QuotaType.USER ? 1001 : 100, QuotaState.ENFORCED, 0, space, inodes);
  }

  private static ResourceQuota numbers(long usage, long soft, long hard, long left) {
    return new ResourceQuota(usage, soft, hard, left == 0 ? 0 : NOW.getEpochSecond() + left);
  }

  private static Judged judged(Mount mount, String path, Need need, List<Quota> quotas) {
    FilesystemQuotas counted = new FilesystemQuotas(mount.major(), mount.minor(), quotas);
    Verdict verdict =
        Rule.decide(FilesystemType.of(mount.type()), counted, 4096, need, NOW, Errno::name);
    Place place = new Place.Local(mount, path);
    return new Judged(HOME, place, need, verdict, Optional.of(counted), Optional.empty());
  }

  private static Finding finding(long size, Judged judged, Mount mount, List<Quota> quotas) {
    Verdict verdict = judged.verdict();
    Outcome outcome =
        verdict instanceof Verdict.Accept
            ? Outcome.ACCEPT
            : verdict instanceof Verdict.Refuse ? Outcome.REFUSE : Outcome.UNKNOWN;
    Entry entry =
        new Entry(mount, mount.major(), mount.minor(), 4096, List.of(judged.path()), quotas);
    return new Finding("alice", size, NOW, outcome, verdict, ALICE, List.of(entry));
  }

  private static DaemonConfig rules(Given... given) throws InvalidConfigException {
    return DaemonOptions.toConfig(new Settings(ConfigFile.NONE, List.of(given)));
  }

  private static List<String> steps(
      long size, Judged judged, Mount mount, List<Quota> quotas, DaemonConfig rules)
      throws IOException {
    Map<String, String> links = new LinkedHashMap<>();
    links.put("/home", "data/home");
    return Reasoning.of(
        finding(size, judged, mount, quotas),
        "alice",
        ALICE,
        List.of(judged),
        path -> mount.equals(EXT4) ? links : Map.of(),
        rules);
  }

  private static void assertGolden(String name, List<String> steps) throws IOException {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Finding unused = Finding.noSuchUser("x", 0, NOW);
    new TextReport(unused, new Terminal(false, '#', '-'), out).print(steps);
    out.flush();
    Path golden = Path.of("src/test/resources/org/quotapolicy/cli/" + name + ".explanation");
    assertEquals(
        Files.readString(golden),
        text.toString().replace(System.lineSeparator(), "\n").substring(1));
  }

  @Test
  void accepted_inGraceOfTheSoftLimit_showsWhy() throws Exception {
    List<Quota> quotas =
        List.of(
            quota(QuotaType.USER, numbers(2 << 20, 1 << 20, 8 << 20, 90_000), numbers(7, 0, 10, 0)),
            Quota.off(QuotaType.GROUP, 100));
    Judged judged = judged(EXT4, "/data/home/alice", Need.ofMessage(20_000).plus(4096), quotas);
    DaemonConfig rules = rules(Given.onCommandLine(Setting.RESERVE, "4096"));
    assertGolden("accepted-in-grace", steps(20_000, judged, EXT4, quotas, rules));
  }

  @Test
  void refused_withoutGrace_showsThePeriod() throws Exception {
    ResourceQuota space = numbers(1020 << 10, 1 << 20, 0, 0).withoutGrace(true);
    List<Quota> quotas = List.of(quota(QuotaType.USER, space, numbers(7, 0, 0, 0)));
    Judged judged = judged(EXT4, "/data/home/alice", Need.ofMessage(20_000), quotas);
    assertGolden("refused-without-grace", steps(20_000, judged, EXT4, quotas, rules()));
  }

  @Test
  void accepted_sinceStoredAsRoot_saysSo() throws Exception {
    List<Quota> quotas =
        List.of(quota(QuotaType.USER, numbers(1 << 20, 0, 1 << 20, 0), numbers(7, 0, 0, 0)));
    Judged full = judged(EXT4, "/data/home/alice", Need.ofMessage(0), quotas);
    Judged judged =
        new Judged(
            full.mailbox(),
            full.place(),
            full.need(),
            new Verdict.Accept(Verdict.Accept.Reason.ROOT),
            full.counted(),
            Optional.empty());
    assertGolden("accepted-as-root", steps(0, judged, EXT4, quotas, rules()));
  }

  @Test
  void refused_byXfsForTheRoomItWants_showsTheNumbers() throws Exception {
    List<Quota> quotas =
        List.of(
            quota(QuotaType.USER, numbers(900 << 10, 0, 1 << 20, 0), numbers(7, 5, 0, -60)),
            new Quota(
                QuotaType.GROUP,
                100,
                QuotaState.ACCOUNTED,
                0,
                ResourceQuota.NONE,
                ResourceQuota.NONE));
    Judged judged = judged(XFS, "/home/alice", Need.ofMessage(0).atLeast(188 << 10), quotas);
    assertGolden("refused-on-xfs", steps(0, judged, XFS, quotas, rules()));
  }

  /** XFS wants its room before it makes even an empty file. */
  @Test
  void refused_forTheLockFile_saysWhatThatIs() throws Exception {
    List<Quota> quotas =
        List.of(quota(QuotaType.USER, numbers(900 << 10, 0, 1 << 20, 0), numbers(7, 0, 9, 0)));
    Judged home = judged(XFS, "/home/alice", new Need(0, 1).atLeast(188 << 10), quotas);
    Judged judged =
        new Judged(
            new MailboxPath("/home/alice/mbox.lock", MailboxPath.Form.LOCK_FILE, false),
            home.place(),
            home.need(),
            home.verdict(),
            home.counted(),
            Optional.empty());
    assertGolden("refused-lock-file", steps(0, judged, XFS, quotas, rules()));
  }

  @Test
  void unknown_numbersNotTold_showsTheError() throws Exception {
    List<Quota> quotas = List.of(Quota.failed(QuotaType.USER, 1001, 11));
    Judged judged = judged(XFS, "/home/alice", Need.ofMessage(0), quotas);
    DaemonConfig rules = rules(Given.onCommandLine(Setting.ON_ERROR, "DEFER 4.3.0 Try again"));
    assertGolden("unknown-frozen", steps(0, judged, XFS, quotas, rules));
  }

  @Test
  void unknown_onNfs_saysThatNothingWasTouched() throws Exception {
    Verdict verdict =
        new Verdict.Unknown("home is on NFS server:/home, whose quota is not asked yet");
    Judged judged =
        new Judged(
            HOME,
            new Place.Network(NFS),
            Need.ofMessage(0),
            verdict,
            Optional.empty(),
            Optional.empty());
    assertGolden("unknown-nfs", steps(0, judged, NFS, List.of(), rules()));
  }

  @Test
  void noSuchUser_andNoAnswer_haveTheirSteps() throws Exception {
    Finding nobody = Finding.noSuchUser("alice", 0, NOW);
    assertGolden("no-such-user", Reasoning.without(nobody, "alice", rules()));
    Finding silent = Finding.couldNotTell("alice", 0, NOW, "helper did not answer within 10 s");
    assertGolden("unknown-no-answer", Reasoning.without(silent, "alice", rules()));
  }
}
