// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        "daemon --timeout=0"
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
}
