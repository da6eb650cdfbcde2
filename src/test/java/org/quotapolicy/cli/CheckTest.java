// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

final class CheckTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check alice",
        "check --json alice",
        "check --explain alice",
        "check alice+x@example.org",
        "check @alice",
        "check check",
        "check ${sys:user.name}",
        "check \"alice\""
      })
  void plainLine_isTheQuestionThatPicocliFinds(String line) {
    String[] args = line.split(" ", -1);
    ParseResult parsed = Main.commandLine(args).parseArgs(args).subcommand();
    CheckCommand command = (CheckCommand) parsed.commandSpec().userObject();
    assertEquals(Optional.of(command.question(0)), Check.plain(args));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "check",
        "check ",
        "check --json",
        "check -h",
        "check --",
        "check --json --json",
        "check --explain -x",
        "check --size alice",
        "check --size 1 alice",
        "check --json --explain alice",
        "check alice --json",
        "check alice bob",
        "check m\u00fcller",
        "check a\u0001b",
        "check a\u007f",
        "report alice",
        "Check alice"
      })
  void anyOtherLine_isForPicocli(String line) {
    assertEquals(Optional.empty(), Check.plain(line.split(" ", -1)));
  }
}
