// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.config.Setting;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "frobnicate",
        "check",
        "check --size",
        "check --size=-1 alice",
        "check --size=18446744073709551616 alice",
        "check alice bob",
        "check --frobnicate alice",
        "daemon --frobnicate",
        "daemon extra",
        "daemon --timeout=0",
        "daemon --timeout=5 --timeout=5",
        "daemon --debug=perhaps",
        "daemon --check-config --config /nowhere/q.conf",
        "daemon --check-config --config /dev/null",
        "daemon --check-config --over-quota OK"
      })
  void wrongUsage_isToldWithStatus2(String line) {
    assertEquals(ExitStatus.USAGE, run(line.isEmpty() ? new String[0] : line.split(" ", -1)));
  }

  @Test
  void wrongUsage_namesWhatIsWrongAndWhereToLook() {
    run("check", "--size=x", "alice");
    assertTrue(err.toString().contains("--size \"x\""), err.toString());
    assertTrue(err.toString().contains("Try 'quotapolicy check --help'."), err.toString());
  }

  @Test
  void checkOfControlCharacters_isWrongUsage() {
    assertEquals(ExitStatus.USAGE, run("check", "--socket=/nowhere", "a\nrecipient=b"));
  }

  @Test
  void checkOfRecipientThatBeginsWithAt_readsNoFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("arguments"), "alice --frobnicate");
    assertEquals(ExitStatus.COULD_NOT_TELL, run("check", "--socket=/nowhere", "@" + file));
  }

  @Test
  void checkInAnotherEncoding_isWrongUsage() {
    assertEquals(ExitStatus.USAGE, run("check", "--socket=/nowhere", "m\uFFFDller"));
  }

  @Test
  void checkWithSettingsOfTheDaemonThatAreWrong_isWrongUsage(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("q.conf"), "mailbox = mail\nreserve = 1k\n");
    assertEquals(ExitStatus.USAGE, run("check", "alice", "--config", file.toString()));
    assertTrue(err.toString().contains(file + ":1: mailbox \"mail\": must begin"), err.toString());
    assertTrue(err.toString().contains(file + ":2: reserve \"1k\": must be"), err.toString());
    assertEquals(ExitStatus.USAGE, run("check", "alice", "--config=/nowhere/q.conf"));
    assertEquals(ExitStatus.USAGE, run("check", "alice", "--mailbox=all", "--mailbox=%h/"));
    assertEquals(ExitStatus.USAGE, run("check", "alice", "--charge=a/b"));
  }

  @Test
  void help_isNoError() {
    assertEquals(ExitStatus.OK, run("daemon", "--help"));
    assertTrue(out.toString().contains("--recipient-delimiter"), out.toString());
  }

  @Test
  void checkOfAbsentSocket_couldNotTell(@TempDir Path directory) {
    Path socket = directory.resolve("absent");
    assertEquals(ExitStatus.COULD_NOT_TELL, run("check", "--socket", socket.toString(), "alice"));
    assertTrue(err.toString().contains(socket.toString()), err.toString());
  }

  @Test
  void checkConfig_needsNothingAndShowsWhereValuesComeFrom(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("q.conf");
    Files.writeString(file, "timeout = 7\ndomain = a.example\nuser = nobody-of-this-name\n");
    int status =
        run("daemon", "--check-config", "--config=" + file, "-d", "-+", "--debug", "-H/nowhere");
    assertEquals(ExitStatus.OK, status, err.toString());
    assertTrue(out.toString().contains("# " + file + ":1\ntimeout = 7\n"), out.toString());
    assertTrue(out.toString().contains("# command line\nrecipient-delimiter = -+\n"));
    assertTrue(out.toString().contains("# command line\ndebug = yes\n"), out.toString());
    assertTrue(out.toString().contains("# command line\nhomedir = /nowhere\n"), out.toString());
  }

  @Test
  void readme_namesEverySettingWithItsDefault() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (Setting setting : Setting.values()) {
      String row =
          readme
              .lines()
              .filter(line -> line.startsWith("| `") && line.contains("`--" + setting.key()))
              .findFirst()
              .orElse("no row for " + setting.key());
      assertTrue(row.contains("--" + setting.key()) && row.contains(shown(setting)), row);
    }
  }

  private static String shown(Setting setting) {
    return setting.isFlag() ? "" : setting.defaultValue();
  }
}
