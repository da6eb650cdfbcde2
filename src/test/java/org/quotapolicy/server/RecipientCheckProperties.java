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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.mailbox.Judgement;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.LocalDomains;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.NoSuchUser;
import org.quotapolicy.wire.Scope;

/** Whatever recipients, aliases and look-ups there are: one answer each, and a configured one. */
class RecipientCheckProperties {
  private static final List<String> PIECES =
      List.of(
          "bob",
          "list",
          "all",
          "@",
          "@here.example",
          "@far.example",
          "+",
          "\\",
          "|",
          "/",
          " ",
          ":include:/dev/null",
          "\n",
          "\r",
          "\0",
          "action=OK\n\n",
          "PERMIT",
          "%r",
          "\u00fc",
          "\u00ff",
          "\"",
          "550",
          "4.2.2",
          "<",
          ">");

  private static final String ALIASES =
      """
      all: bob, list
      list: bob, \\bob, list
      prog: "|x"
      """;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Log log = new Log(written, System::nanoTime);

  @Test
  void anyRequest_getsOneConfiguredAction(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("aliases"), ALIASES);
    AliasFiles aliases = new AliasFiles(List.of(file), List.of(), log);
    aliases.refresh();
    Answers answers =
        new Answers(
            Handlers.template("552 5.2.2 Full: %r"),
            Handlers.template("452 4.2.2 No inode"),
            Handlers.template("552 5.3.4 Too large"),
            Handlers.template("450 4.3.0 Trouble with %r at %d"),
            false,
            true);
    Rules rules =
        new Rules(
            new RecipientDelimiter("+"),
            LocalDomains.of(List.of("here.example")),
            Exemptions.NONE,
            aliases,
            answers,
            Storage.HOME,
            0);
    RecipientCheck check =
        new RecipientCheck(
            this::result,
            (user, mailboxes, need, now) -> new Judgement(List.of(Judged.unknown("", need, "x"))),
            rules,
            Duration.ofSeconds(10),
            log);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      AccessPolicyRequest request = request();
      List<Action> replies = new ArrayList<>();
      check.handle(request, replies::add);
      assertEquals(1, replies.size(), () -> "seed " + seed);
      Action trouble = answers.onError().actionFor(request.recipient());
      assertTrue(Set.of(Action.DUNNO, trouble).contains(replies.get(0)), () -> "seed " + seed);
      assertEquals(trouble, check.onError(request), () -> "seed " + seed);
      refused += replies.get(0).equals(Action.DUNNO) ? 0 : 1;
    }
    assertTrue(refused > 100, "too few: " + refused + ", seed " + seed);
    log.flush();
    String logged = written.toString(StandardCharsets.US_ASCII);
    assertTrue(
        logged.lines().allMatch(line -> line.matches("quotapolicy: [ -~]*")), () -> "seed " + seed);
  }

  private void result(String user, Scope scope, long deadline, Consumer<LookupResult> sink) {
    sink.accept(random.nextInt(3) == 0 ? new NoSuchUser() : new CouldNotTell(user));
  }

  private AccessPolicyRequest request() {
    return new AccessPolicyRequest(
        text(), text(), random.nextLong(), text(), text(), text(), Set.of());
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
