// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.helperclient.Helper;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.AccountQuotas;
import org.quotapolicy.mailbox.Device;
import org.quotapolicy.mailbox.Judge;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.mailbox.MailboxPath;
import org.quotapolicy.mailbox.Mailboxes;
import org.quotapolicy.mailbox.Place;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.AccessPolicyRequest.Flaw;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.LocalDomains;
import org.quotapolicy.policy.MailboxTemplate;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.LookupResult.NoSuchUser;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict;
import org.quotapolicy.verdict.Verdict.Accept;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Unknown;
import org.quotapolicy.wire.Scope;

/** The whole way from a request to its action, with a helper and a mailbox that are played. */
@Timeout(20)
class RecipientCheckTest {
  private static final Action FULL = Handlers.action("452 4.2.2 Full");
  private static final Duration AMPLE = Duration.ofSeconds(10);
  private static final UserQuotas USER = new UserQuotas(1000, 100, "/home/x", List.of());
  private static final Optional<Unasked> NONE = Optional.empty();
  private static final Optional<Unasked> SDB = Optional.of(Unasked.all(new Device(8, 16)));
  private static final Optional<Unasked> SDC = Optional.of(Unasked.all(new Device(8, 32)));

  private static final ResourceQuota NUMBERS = new ResourceQuota(-1, 5, -1, 1);
  private static final Map<String, Verdict> VERDICTS =
      Map.of(
          "room", new Accept(Accept.Reason.ROOM),
          "no-limit", new Accept(Accept.Reason.NO_LIMIT),
          "no-quota", new Accept(Accept.Reason.NO_QUOTA),
          "unknown", new Unknown("it is dark"),
          "hard", refuse(QuotaType.USER, Resource.SPACE, Refuse.Cause.HARD_LIMIT),
          "huge",
              new Refuse(
                  QuotaType.USER,
                  1,
                  Resource.SPACE,
                  Refuse.Cause.HARD_LIMIT,
                  new ResourceQuota(0, 0, 4096, 0),
                  8192),
          "grace", refuse(QuotaType.GROUP, Resource.INODES, Refuse.Cause.GRACE_EXPIRED));

  private static final Map<String, LookupResult> RESULTS =
      Map.of(
          "found", new Found(USER),
          "nobody", new NoSuchUser(),
          "failed", new CouldNotTell("helper is away"));

  @TempDir private Path directory;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicLong size = new AtomicLong(-2);
  private final AtomicInteger reserve = new AtomicInteger();
  private final BlockingQueue<Action> replies = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Log log = new Log(written, System::nanoTime);
  private Storage storage = Storage.HOME;
  private AliasFiles aliases = new AliasFiles(List.of(), List.of(), log);

  private static Refuse refuse(QuotaType type, Resource resource, Refuse.Cause cause) {
    return new Refuse(type, 4_294_967_294L, resource, cause, NUMBERS, -1);
  }

  private static Verdict verdict(String name) {
    return Objects.requireNonNull(VERDICTS.get(name));
  }

  private static LookupResult result(String name) {
    return Objects.requireNonNull(RESULTS.get(name));
  }

  private static Judgement judgement(Verdict verdict, Optional<Unasked> unasked) {
    return judgement(new Place.Failed(""), verdict, unasked);
  }

  private static Judgement judgement(Place place, Verdict verdict, Optional<Unasked> unasked) {
    Need need = Need.ofMessage(0);
    MailboxPath home = new MailboxPath("/home/x/", true);
    return new Judgement(
        List.of(new Judged(home, place, need, verdict, Optional.empty(), unasked)));
  }

  private Helper helper(LookupResult result) {
    return (user, scope, deadline, sink) -> {
      asked.add(user + " " + describe(scope));
      sink.accept(result);
    };
  }

  private static String describe(Scope scope) {
    return scope instanceof Scope.Device device
        ? device.major() + ":" + device.minor() + describe(device.project()) + group(device)
        : scope.getClass().getSimpleName();
  }

  private static String group(Scope.Device device) {
    return device.group() == UserQuotas.OWN_GROUP ? "" : " group " + device.group();
  }

  private static String describe(Project project) {
    return project instanceof Project.Unnamed ? "" : " " + project;
  }

  private Judge judge(Verdict verdict) {
    return (user, mailboxes, need, now) -> {
      size.set(need.bytes());
      return judgement(verdict, NONE);
    };
  }

  private RecipientCheck check(Helper helper, Judge judge, Duration time) {
    return new RecipientCheck(
        helper, judge, TestServers.NONE, rules(false), time, new Statistics(), log);
  }

  private Rules rules(boolean dryRun) {
    return rules(dryRun, true);
  }

  private Rules rules(boolean dryRun, boolean debug) {
    return new Rules(
        new RecipientDelimiter("+"),
        LocalDomains.ALL,
        Exemptions.NONE.withGroup(50, Set.of()),
        aliases,
        new Answers(
            Handlers.template("452 4.2.2 Full"),
            Handlers.template("452 4.2.2 No inode for %r"),
            Handlers.template("552 5.3.4 Too large"),
            Handlers.template("450 4.3.0 On error"),
            dryRun,
            debug),
        storage,
        reserve.get());
  }

  private static AccessPolicyRequest request(String recipient, long size, Set<Flaw> flaws) {
    return new AccessPolicyRequest("RCPT", recipient, size, "12.3", "", "", flaws);
  }

  private Action answer(RecipientCheck check, AccessPolicyRequest request)
      throws InterruptedException {
    check.handle(request, replies::add);
    Action answer = replies.take();
    assertTrue(log.flush());
    assertEquals(null, replies.poll());
    return answer;
  }

  private Action answer(RecipientCheck check) throws InterruptedException {
    return answer(check, request("Bob+x@example.com", 0, Set.of()));
  }

  private String log() {
    // The line is written after the answer is given, on another thread.
    while (written.size() == 0) {
      Thread.onSpinWait();
      log.flush();
    }
    return written.toString(StandardCharsets.US_ASCII);
  }

  /** Each row: the helper's result, the mailbox's verdict, the action, what the log says. */
  @ParameterizedTest
  @CsvSource({
    "found,  room,     DUNNO,              action=DUNNO reason=\"there is room\"",
    "found,  no-limit, DUNNO,              action=DUNNO reason=\"the quotas there set no limit\"",
    "found,  no-quota, DUNNO,              action=DUNNO reason=\"no quota is enforced where",
    "found,  unknown,  450 4.3.0 On error, warning: could not tell: state=RCPT",
    "found,  unknown,  450 4.3.0 On error, reason=\"it is dark\"",
    "found,  hard,     452 4.2.2 Full,     over quota: state=RCPT recipient=<Bob+x@example.com>",
    "found,  hard,     452 4.2.2 Full,     user=bob quota=user:4294967294",
    "found,  hard,     452 4.2.2 Full,     used_bytes=18446744073709551615 hard_limit=18446744073709551615",
    "found,  huge,     552 5.3.4 Too large, hard_limit=4096 need=8192",
    "found,  hard,     452 4.2.2 Full,     need=18446744073709551615 cause=hard-limit",
    "found,  grace,    452 4.2.2 No inode for Bob+x@example.com, quota=group:4294967294",
    "found,  grace,    452 4.2.2 No inode for Bob+x@example.com, used_inodes=18446744073709551615 soft_limit=5",
    "found,  grace,    452 4.2.2 No inode for Bob+x@example.com, cause=grace-expired",
    "nobody, hard,     DUNNO,              reason=\"no such user\"",
    "failed, hard,     450 4.3.0 On error, reason=\"helper is away\"",
  })
  void result_leadsToAction(String result, String verdict, String action, String line)
      throws Exception {
    RecipientCheck check = check(helper(result(result)), judge(verdict(verdict)), AMPLE);
    assertEquals(action, answer(check).toString());
    assertTrue(log().contains(line), log());
    assertEquals(List.of("bob Home"), asked);
    assertEquals(result.equals("found"), size.get() == 1025);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@example.com", "@", "a/b"})
  void recipient_withoutUser_passes(String recipient) throws Exception {
    RecipientCheck check = check(helper(new Found(USER)), judge(verdict("hard")), AMPLE);
    assertEquals(Action.DUNNO, answer(check, request(recipient, 0, Set.of())));
    assertEquals(List.of(), asked);
    String reason = recipient.isEmpty() ? "nobody to ask about" : "no account can have this name";
    assertTrue(log().contains(reason), log());
  }

  /** Each row: aliases, in which order whom the helper knows as what, the action, who is asked. */
  @ParameterizedTest
  @CsvSource({
    "'full1, full2',          452 4.2.2 Full,     full1 full2",
    "'full1, free, full2',    DUNNO,              full1 free",
    "'free, full1',           DUNNO,              free",
    "'full1, nobody, full2',  DUNNO,              full1 nobody",
    "'full1, failed, full2',  450 4.3.0 On error, full1 failed full2",
    "'failed, full1, free',   DUNNO,              failed full1 free",
    "'full1, exempt',         DUNNO,              full1 exempt",
    "'full1, full1',          452 4.2.2 Full,     full1",
    "'full1, /dev/null',      DUNNO,              ''",
    "'inodes, full1',         452 4.2.2 No inode for list@here, inodes full1",
  })
  void alias_isRefusedIfAllAreFull(String targets, String action, String users) throws Exception {
    useAliases("list: " + targets + "\n");
    RecipientCheck check = check(this::ofName, this::ofName, AMPLE);
    assertEquals(action, answer(check, request("list@here", 0, Set.of())).toString());
    assertEquals(users, String.join(" ", asked));
  }

  private void useManyAliases() throws IOException {
    useAliases(
        "list: " + String.join(", ", IntStream.range(0, 100).mapToObj(i -> "u" + i).toList()));
  }

  /** A helper that is gone for good answers at once, and the server's thread has a small stack. */
  @Test
  void alias_ofManyUsers_takesNoMoreStackThanOfOne() throws Exception {
    useManyAliases();
    RecipientCheck check = check(helper(result("failed")), judge(verdict("hard")), AMPLE);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            null, () -> check.handle(request("list@here", 0, Set.of()), replies::add), "", 1 << 17);
    thread.setUncaughtExceptionHandler((unused, thrown) -> failure.set(thrown));
    thread.start();
    thread.join();
    assertEquals(null, failure.get());
    assertEquals(Handlers.ON_ERROR, replies.take());
    assertEquals(100, asked.size());
  }

  @Test
  void alias_whenTimeIsOver_isAskedAboutNoFurther() throws Exception {
    useManyAliases();
    RecipientCheck check = check(helper(result("failed")), judge(verdict("hard")), Duration.ZERO);
    assertEquals(Handlers.ON_ERROR, answer(check, request("list@here", 0, Set.of())));
    assertEquals(List.of("u0 Home"), asked);
    assertTrue(log().contains("no time was left to ask about all users"), log());
  }

  /** The server has given the on-error action meanwhile, or the peer is gone. */
  @ParameterizedTest
  @ValueSource(strings = {"full1", "failed", "free"})
  void answer_thatComesTooLate_isNeitherCountedNorLogged(String user) {
    Statistics statistics = new Statistics();
    RecipientCheck check =
        new RecipientCheck(
            this::ofName, this::ofName, TestServers.NONE, rules(false), AMPLE, statistics, log);
    check.handle(request(user, 0, Set.of()), tooLate -> false);
    log.flush();
    assertEquals("", written.toString(StandardCharsets.US_ASCII));
    assertEquals(Map.of(), statistics.refusals());
    assertEquals(Map.of(), statistics.couldNotTell());
  }

  private void ofName(
      String user, Scope scope, long deadline, java.util.function.Consumer<LookupResult> sink) {
    asked.add(user);
    long gid = user.equals("exempt") ? 50 : 100;
    sink.accept(
        switch (user) {
          case "nobody" -> new NoSuchUser();
          case "failed" -> new CouldNotTell("helper is away");
          default -> new Found(new UserQuotas(1000, gid, "/home/" + user, List.of()));
        });
  }

  private Judgement ofName(AccountQuotas account, Mailboxes mailboxes, Need need, Object now) {
    String verdict =
        switch (account.user().home()) {
          case "/home/free" -> "room";
          case "/home/inodes" -> "grace";
          default -> "hard";
        };
    return judgement(verdict(verdict), NONE);
  }

  private void useAliases(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("aliases"), text);
    aliases = new AliasFiles(List.of(file), List.of(), log);
    aliases.refresh();
  }

  @Test
  void aliasesNotReadYet_isUnknown() throws Exception {
    aliases = new AliasFiles(List.of(directory.resolve("absent")), List.of(), log);
    RecipientCheck check = check(this::ofName, this::ofName, AMPLE);
    assertEquals(Handlers.ON_ERROR, answer(check));
    assertEquals(List.of(), asked);
  }

  @Test
  void dryRun_refusesNothingAndSaysWhatItWould() throws Exception {
    RecipientCheck check = check(this::ofName, this::ofName, AMPLE);
    check.use(rules(true));
    assertEquals(Action.DUNNO, answer(check, request("full1", 0, Set.of())));
    assertTrue(log().contains(" user=full1 ") && log().contains(" action=452 dry_run=yes"), log());
    assertEquals(Action.DUNNO, answer(check, request("failed", 0, Set.of())));
    assertEquals(Action.DUNNO, check.onError(request("x", 0, Set.of())));
  }

  @ParameterizedTest
  @CsvSource({"OTHER_REQUEST, true", "RECIPIENT_TOO_LONG, true", "SIZE_UNREADABLE, false"})
  void flaw_thatForbidsADecision_passes(Flaw flaw, boolean passes) throws Exception {
    RecipientCheck check = check(helper(new Found(USER)), judge(verdict("hard")), AMPLE);
    Action answer = answer(check, request("bob", 0, Set.of(flaw)));
    assertEquals(passes ? Action.DUNNO : FULL, answer);
    assertEquals(passes, asked.isEmpty());
  }

  /** Each row: declared size, what is judged, with 1,024 bytes of headers; both unsigned. */
  @ParameterizedTest
  @CsvSource({"0, 1025", "1, 1025", "4097, 5121", "18446744073709551615, 18446744073709551615"})
  void size_isUnsigned(String declared, String judged) throws Exception {
    RecipientCheck check = check(helper(new Found(USER)), judge(verdict("hard")), AMPLE);
    answer(check, request("bob", Long.parseUnsignedLong(declared), Set.of()));
    assertEquals(judged, Long.toUnsignedString(size.get()));
    assertTrue(log().contains(" size=" + declared + " "), log());
  }

  @Test
  void reserve_isAddedToTheMessage() throws Exception {
    reserve.set(1000);
    RecipientCheck check = check(helper(new Found(USER)), judge(verdict("hard")), AMPLE);
    answer(check, request("bob", 4097, Set.of()));
    assertEquals(6121, size.get());
  }

  /** A home that symbolic links lead to another filesystem: it is asked about, and only once. */
  @Test
  void home_onFilesystemNotAsked_isAskedAbout() throws Exception {
    List<Judgement> judgements =
        List.of(judgement(verdict("no-quota"), SDB), judgement(verdict("hard"), NONE));
    assertEquals(FULL, answer(inTurn(judgements)));
    assertEquals(List.of("bob Home", "bob 8:16"), asked);
  }

  /** The helper first says that there is one, then by its inode which, then by the list. */
  @Test
  void project_thatIsEnforced_isAskedAboutAsItIsFound() throws Exception {
    List<Judgement> judgements =
        List.of(
            judgement(verdict("no-quota"), SDB),
            judgement(verdict("room"), project(new Project.OfInode(96))),
            judgement(verdict("room"), project(new Project.Numbered(7))),
            judgement(verdict("hard"), NONE));
    assertEquals(FULL, answer(inTurn(judgements)));
    assertEquals(
        List.of("bob Home", "bob 8:16", "bob 8:16 OfInode[inode=96]", "bob 8:16 Numbered[id=7]"),
        asked);
  }

  /** Mail belongs to another group than the account's, and then to a project. */
  @Test
  void group_ofMail_isAskedAboutBesideTheProject() throws Exception {
    Device sdb = new Device(8, 16);
    Unasked eight = new Unasked(sdb, new Project.Unnamed(), 8);
    List<Judgement> judgements =
        List.of(
            judgement(verdict("no-quota"), SDB),
            judgement(verdict("room"), Optional.of(eight)),
            judgement(verdict("room"), project(new Project.OfInode(96))),
            judgement(verdict("room"), project(new Project.Numbered(7))),
            judgement(verdict("hard"), NONE));
    assertEquals(FULL, answer(inTurn(judgements)));
    assertEquals(
        List.of(
            "bob Home",
            "bob 8:16",
            "bob 8:16 group 8",
            "bob 8:16 OfInode[inode=96]",
            "bob 8:16 Numbered[id=7]"),
        asked);
  }

  private static Optional<Unasked> project(Project project) {
    return Optional.of(new Unasked(new Device(8, 16), project));
  }

  @Test
  void project_thatChangesWheneverItIsAskedAbout_isUnknown() throws Exception {
    List<Judgement> judgements =
        IntStream.range(0, 9)
            .mapToObj(id -> judgement(verdict("room"), project(new Project.Numbered(id))))
            .toList();
    assertEquals(Handlers.ON_ERROR, answer(inTurn(judgements)));
    assertEquals(4, asked.size());
  }

  @Test
  void home_onFilesystemAskedAboutInVain_hasNoQuota() throws Exception {
    Judgement nothing = judgement(verdict("no-quota"), SDB);
    assertEquals(Action.DUNNO, answer(inTurn(List.of(nothing, nothing))));
    assertEquals(List.of("bob Home", "bob 8:16"), asked);
    assertTrue(log().contains("no quota is enforced"), log());
  }

  @Test
  void home_movedBetweenQuestions_isUnknown() throws Exception {
    List<Judgement> judgements =
        List.of(judgement(verdict("no-quota"), SDB), judgement(verdict("no-quota"), SDC));
    assertEquals(Handlers.ON_ERROR, answer(inTurn(judgements)));
    assertEquals(List.of("bob Home", "bob 8:16"), asked);
    assertTrue(log().contains("moved"), log());
  }

  private RecipientCheck inTurn(List<Judgement> judgements) {
    BlockingQueue<Judgement> left = new LinkedBlockingQueue<>(judgements);
    return check(helper(new Found(USER)), (user, mailboxes, need, now) -> left.remove(), AMPLE);
  }

  private Judgement judgements(Judgement... all) {
    return new Judgement(
        Stream.of(all).flatMap(judgement -> judgement.mailboxes().stream()).toList());
  }

  private void storage(String charge, String... templates) throws Exception {
    List<MailboxTemplate> all = new ArrayList<>();
    for (String template : templates) {
      all.add(MailboxTemplate.parse(template));
    }
    storage = new Storage(all, Optional.ofNullable(charge.isEmpty() ? null : charge));
  }

  /** Each on another filesystem: one question for each, and the numbers are put together. */
  @Test
  void mailboxes_onSeveralFilesystems_areAskedAboutOneByOne() throws Exception {
    storage("", "%h/", "/b/%u/", "/c/%u/");
    Judgement home = judgement(verdict("room"), NONE);
    Judgement sdb = judgement(verdict("no-quota"), SDB);
    Judgement sdc = judgement(verdict("no-quota"), SDC);
    List<UserQuotas> judged = new CopyOnWriteArrayList<>();
    RecipientCheck check =
        check(
            (user, scope, deadline, sink) -> {
              asked.add(user + " " + describe(scope));
              int minor = scope instanceof Scope.Device device ? device.minor() : 0;
              FilesystemQuotas there = new FilesystemQuotas(8, minor, List.of());
              sink.accept(new Found(new UserQuotas(1000, 100, "/home/x", List.of(there))));
            },
            (user, mailboxes, need, now) -> {
              judged.add(user.user());
              return judged.size() < 3
                  ? judgements(home, sdb, sdc)
                  : judgements(home, home, judgement(verdict("hard"), NONE));
            },
            AMPLE);
    assertEquals(FULL, answer(check));
    assertEquals(List.of("bob Home", "bob 8:16", "bob 8:32"), asked);
    assertEquals(
        List.of(0, 16, 32),
        judged.get(2).filesystems().stream().map(FilesystemQuotas::minor).sorted().toList());
  }

  @Test
  void mailbox_thatIsFull_endsTheQuestions() throws Exception {
    storage("", "%h/", "/b/%u/");
    Judgement both =
        judgements(judgement(verdict("hard"), NONE), judgement(verdict("no-quota"), SDB));
    assertEquals(FULL, answer(inTurn(List.of(both))));
    assertEquals(List.of("bob Home"), asked);
    assertTrue(log().contains(" mailbox=/home/x/ "), log());
  }

  /** The next one is mostly on the same filesystem, and the first guess is the home. */
  @Test
  void mailbox_notInHome_isGuessedFromTheLast() throws Exception {
    storage("", "/b/%u/");
    Mount mount = new Mount(1, 0, 8, 16, "/", "/b", "ext4", "/dev/sdb", "rw");
    Place there = new Place.Local(mount, "/b/bob");
    Judgement missing = judgement(there, verdict("no-quota"), SDB);
    Judgement told = judgement(there, verdict("room"), NONE);
    RecipientCheck check = inTurn(List.of(missing, told, told, missing));
    for (int i = 0; i < 3; i++) {
      assertEquals(Action.DUNNO, answer(check));
    }
    assertEquals(List.of("bob Home", "bob 8:16", "bob 8:16", "bob 8:16"), asked);
  }

  @Test
  void mailbox_onOtherFilesystemThanGuessed_isAskedAbout() throws Exception {
    storage("", "/b/%d/%u/");
    Mount mount = new Mount(1, 0, 8, 16, "/", "/b", "ext4", "/dev/sdb", "rw");
    Judgement there = judgement(new Place.Local(mount, "/b/bob"), verdict("room"), NONE);
    List<Judgement> judgements =
        List.of(there, judgement(verdict("no-quota"), SDC), judgement(verdict("hard"), NONE));
    RecipientCheck check = inTurn(judgements);
    assertEquals(Action.DUNNO, answer(check));
    assertEquals(FULL, answer(check));
    assertEquals(List.of("bob Home", "bob 8:16", "bob 8:32"), asked);
  }

  @Test
  void account_changedBetweenQuestions_isUnknown() throws Exception {
    storage("", "%h/");
    AtomicInteger uid = new AtomicInteger(1000);
    RecipientCheck check =
        check(
            (user, scope, deadline, sink) ->
                sink.accept(
                    new Found(new UserQuotas(uid.getAndIncrement(), 1, "/home/x", List.of()))),
            judge(judgement(verdict("no-quota"), SDB)),
            AMPLE);
    assertEquals(Handlers.ON_ERROR, answer(check));
    assertTrue(log().contains("account was changed"), log());
  }

  private static Judge judge(Judgement judgement) {
    return (user, mailboxes, need, now) -> judgement;
  }

  private static Judge recording(List<Mailboxes> judged, Judgement judgement) {
    return (user, mailboxes, need, now) -> {
      judged.add(mailboxes);
      return judgement;
    };
  }

  @Test
  void mailboxEverywhere_asksForAll() throws Exception {
    storage("");
    List<Mailboxes> judged = new CopyOnWriteArrayList<>();
    RecipientCheck check =
        check(helper(new Found(USER)), recording(judged, new Judgement(List.of())), AMPLE);
    assertEquals(Action.DUNNO, answer(check));
    assertEquals(List.of("bob All"), asked);
    assertEquals(List.of(new Mailboxes.Everywhere()), judged);
    assertTrue(log().contains("no quota is enforced"), log());
  }

  /** The account's quotas, and the recipient's name and domain, in the path. */
  @Test
  void charge_asksForTheAccount() throws Exception {
    storage("vmail", "%h/%d/%u/");
    List<Mailboxes> judged = new CopyOnWriteArrayList<>();
    RecipientCheck check =
        check(helper(new Found(USER)), recording(judged, judgement(verdict("hard"), NONE)), AMPLE);
    assertEquals(FULL, answer(check));
    assertEquals(List.of("vmail Home"), asked);
    assertEquals(List.of(Mailboxes.At.maildir("/home/x/example.com/bob/")), judged);
    assertTrue(log().contains(" user=bob quota=user:4294967294 "), log());
  }

  @Test
  void charge_ofNoUser_isUnknown() throws Exception {
    storage("vmail", "%h/");
    RecipientCheck check = check(helper(new NoSuchUser()), judge(verdict("hard")), AMPLE);
    assertEquals(Handlers.ON_ERROR, answer(check));
    assertTrue(log().contains("there is no user vmail, whom mail is charged to"), log());
  }

  /** Whatever the recipient: no path, no crash, and no other key in the log. */
  @ParameterizedTest
  @ValueSource(strings = {"bob@..", "bob", "..@x", "a\" b=\"@a/b"})
  void recipient_thatNoPathCanHold_isUnknown(String recipient) throws Exception {
    storage("vmail", "/v/%d/%u/");
    List<Mailboxes> judged = new CopyOnWriteArrayList<>();
    RecipientCheck check =
        check(helper(new Found(USER)), recording(judged, new Judgement(List.of())), AMPLE);
    assertEquals(Handlers.ON_ERROR, answer(check, request(recipient, 0, Set.of())));
    assertEquals(List.of(new Mailboxes.At(List.of())), judged);
    assertTrue(log().contains("mailbox /v/%d/%u/: the "), log());
    assertEquals(2, log().lines().findFirst().orElseThrow().split("\"", -1).length - 1, log());
  }

  /** What nobody waits for any more costs no further look at a disk. */
  @Test
  void deadline_passedBeforeItsTurn_isNotJudged() throws Exception {
    RecipientCheck late = check(helper(new Found(USER)), judge(verdict("hard")), Duration.ZERO);
    assertEquals(Handlers.ON_ERROR, answer(late));
    assertEquals(-2, size.get());
  }

  @Test
  void judge_fails_isUnknown() throws Exception {
    RecipientCheck check =
        check(
            helper(new Found(USER)),
            (user, mailboxes, need, now) -> {
              throw new IllegalStateException("a bug");
            },
            AMPLE);
    assertEquals(Handlers.ON_ERROR, answer(check));
    assertTrue(log().contains("a bug"), log());
  }

  @Test
  void deadline_isPassedOnToBothQuestions() throws Exception {
    List<Long> deadlines = new CopyOnWriteArrayList<>();
    Helper helper =
        (user, scope, deadline, sink) -> {
          deadlines.add(deadline);
          sink.accept(new Found(USER));
        };
    answer(
        check(helper, (user, mailboxes, need, now) -> judgement(verdict("no-quota"), SDB), AMPLE));
    assertEquals(2, deadlines.size());
    assertEquals(deadlines.get(0), deadlines.get(1));
    long left = deadlines.get(0) - System.nanoTime();
    assertTrue(left > 0 && left <= AMPLE.toNanos());
  }

  @Test
  void troublesOfDifferentKinds_doNotHideEachOther() throws Exception {
    useAliases("");
    RecipientCheck check =
        check(
            (user, scope, deadline, sink) ->
                sink.accept(
                    switch (user) {
                      case "helper" -> new CouldNotTell("helper is away");
                      case "many" -> new CouldNotTell("too many", true);
                      default -> new Found(USER);
                    }),
            judge(verdict("unknown")),
            AMPLE);
    check.use(rules(false, false));
    for (String user : List.of("helper", "many", "dark", "helper", "many", "dark")) {
      assertEquals(Handlers.ON_ERROR, answer(check, request(user, 0, Set.of())));
    }
    List<String> reasons = List.of("helper is away", "too many", "it is dark");
    awaitLines(reasons.size());
    for (String reason : reasons) {
      assertEquals(1, lines("warning: could not tell: ", "reason=\"" + reason + "\""), log());
    }
    assertEquals(0, lines("decided: ", ""), log());
  }

  @Test
  void debug_tellsOfEachThatCouldNotBeTold() throws Exception {
    RecipientCheck check = check(this::ofName, this::ofName, AMPLE);
    for (int i = 0; i < 3; i++) {
      assertEquals(Handlers.ON_ERROR, answer(check, request("failed", 0, Set.of())));
    }
    awaitLines(4);
    assertEquals(3, lines("decided: ", " action=450 reason=\"helper is away\""), log());
    assertEquals(1, lines("warning: could not tell: ", "helper is away"), log());
  }

  /** Flawed ones, and those that the server gave up. */
  @Test
  void debug_tellsOfThoseNeverAsked() throws Exception {
    RecipientCheck check = check(this::ofName, this::ofName, AMPLE);
    AccessPolicyRequest request = request("full1", 0, Set.of());
    check.use(rules(false, false));
    check.decidedWithout(request, Handlers.ON_ERROR, "quiet");
    check.use(rules(false, true));
    check.decidedWithout(request, Handlers.ON_ERROR, "no decision in time");
    awaitLines(1);
    assertEquals(1, lines("decided: ", " action=450 reason=\"no decision in time\""), log());
    assertEquals(0, lines("decided: ", "quiet"), log());
  }

  private long lines(String start, String text) {
    return log()
        .lines()
        .filter(line -> line.startsWith(Log.PREFIX + start) && line.contains(text))
        .count();
  }

  /** Lines are written after the answer is given, on another thread. */
  private void awaitLines(int count) {
    while (log().lines().count() < count) {
      Thread.onSpinWait();
    }
  }

  /** What XFS still counts may be gone a moment later. */
  @ParameterizedTest
  @CsvSource({"9, 2", "9 9, 2", "9 8, 3", "9 8 7 7, 4", "9 8 -, 3", "-, 1"})
  void refusal_onXfs_isRepeatedWhileUsageFalls(String usages, int looks)
      throws InterruptedException {
    List<String> left = new ArrayList<>(List.of(usages.split(" ", -1)));
    Judge judge =
        (user, mailboxes, need, now) -> onXfs(left.size() == 1 ? left.get(0) : left.remove(0));
    Action answer = answer(check(helper(result("found")), judge, AMPLE));
    assertEquals(looks, asked.size());
    assertEquals(usages.endsWith("-") ? Action.DUNNO : FULL, answer);
  }

  @Test
  void refusal_onXfsWithoutTime_isNotRepeated() throws InterruptedException {
    Judge judge = (user, mailboxes, need, now) -> onXfs("9");
    Duration time = Duration.ofMillis(SecondLook.TIME_MILLIS);
    assertEquals(FULL, answer(check(helper(result("found")), judge, time)));
    assertEquals(1, asked.size());
  }

  private static Judgement onXfs(String usage) {
    Mount mount = new Mount(1, 0, 8, 1, "/", "/xfs", "xfs", "/dev/sda1", "rw");
    ResourceQuota numbers =
        new ResourceQuota(usage.equals("-") ? 0 : Long.parseLong(usage), 0, 4096, 0);
    Verdict verdict =
        usage.equals("-")
            ? new Accept(Accept.Reason.ROOM)
            : new Refuse(
                QuotaType.USER, 1000, Resource.SPACE, Refuse.Cause.HARD_LIMIT, numbers, 4096);
    return judgement(new Place.Local(mount, "/xfs/x"), verdict, NONE);
  }
}
