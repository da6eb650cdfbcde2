// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final String FILE =
      """
      # quotapolicy
      timeout = 10
        domain = a.example
      domain=b.example

      over-quota = 552 5.2.2 Full = full # really
      debug = yes
      recipient-delimiter =
      """;

  private static Settings settings(String file, Given... commandLine) {
    return new Settings(ConfigFile.parse("q.conf", file), List.of(commandLine));
  }

  @Test
  void file_setsValues() throws Exception {
    DaemonConfig config = DaemonOptions.toConfig(settings(FILE));
    assertEquals(10, config.timeout().toSeconds());
    assertEquals(List.of("a.example", "b.example"), config.recipients().domains());
    assertEquals("552 5.2.2 Full = full # really", config.answers().overQuota().toString());
    assertTrue(config.answers().debug());
    assertEquals("", config.recipients().delimiter().characters());
  }

  @Test
  void sampleFile_isValidAndNamesDomains() throws Exception {
    DaemonConfig config =
        DaemonOptions.toConfig(settings(Files.readString(Path.of("setup/quotapolicy.conf"))));
    assertEquals(List.of(RecipientConfig.POSTFIX), config.recipients().domains());
    assertEquals(0660, config.socketMode());
  }

  @Test
  void commandLine_wins() throws Exception {
    DaemonConfig config =
        DaemonOptions.toConfig(
            settings(
                FILE,
                Given.onCommandLine(Setting.DOMAIN, "c.example"),
                Given.onCommandLine(Setting.DEBUG, "no")));
    assertEquals(List.of("c.example"), config.recipients().domains());
    assertFalse(config.answers().debug());
    assertEquals(10, config.timeout().toSeconds());
  }

  @Test
  void everyProblem_isReportedWithItsLine() {
    Settings settings =
        settings(
            """
            timeout = 0
            no such line
            colour = blue
            timeout = 7
            check-config = yes
            over-quota = OK
            = x
            """,
            Given.onCommandLine(Setting.USER, ""));
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> DaemonOptions.toConfig(settings));
    assertEquals(
        List.of(
            "q.conf:2: must be key = value: \"no such line\"",
            "q.conf:3: there is no setting \"colour\"",
            "q.conf:4: timeout was set in line 1 already",
            "q.conf:5: there is no setting \"check-config\"",
            "q.conf:7: there is no setting \"\"",
            "q.conf:6: over-quota \"OK\": ",
            "--user \"\": must not be empty"),
        e.problems().stream().map(p -> p.replaceFirst("\"OK\": .*", "\"OK\": ")).toList());
  }

  @Test
  void show_saysWhereEachValueComesFrom() {
    List<String> shown = settings(FILE, Given.onCommandLine(Setting.PIDFILE, "p")).show();
    assertTrue(shown.contains("# default\nhomedir = /var/spool/postfix/quotapolicy"));
    assertTrue(shown.contains("# default\n#socket-group ="));
    assertTrue(shown.contains("# command line\npidfile = p"));
    assertTrue(shown.contains("# q.conf:2\ntimeout = 10"));
    assertTrue(shown.contains("# q.conf:4\ndomain = b.example"));
    assertTrue(shown.contains("# q.conf:8\nrecipient-delimiter ="));
  }

  @Test
  void show_isConfigurationFileThatMeansTheSame() throws Exception {
    Settings settings = settings(FILE, Given.onCommandLine(Setting.EXEMPT, "%staff"));
    Settings again = settings(String.join("\n", settings.show()));
    assertEquals(DaemonOptions.toConfig(settings), DaemonOptions.toConfig(again));
  }

  @Test
  void settingsOfAStart_areNamedWhenTheyDiffer() {
    Settings running = settings("user = q\ntimeout = 5");
    assertEquals(List.of(), settings("user = q\ndebug = yes\ndomain = x").needRestart(running));
    assertEquals(List.of("homedir", "user"), settings("homedir = /x").needRestart(running));
  }

  @Test
  void anyText_isConfigurationOrProblems() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    String[] pieces = {
      "timeout",
      "domain",
      "over-quota",
      "exempt",
      "aliases",
      "=",
      " = ",
      "\n",
      "\n",
      "#",
      "yes",
      "1",
      "/x",
      "%",
      "@",
      "OK",
      "450 x",
      "\0",
      "\r",
      "\u2028",
      "\ud800",
      "!",
      ",",
      "user"
    };
    int valid = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        DaemonOptions.toConfig(settings(text.toString()));
        valid++;
      } catch (InvalidConfigException e) {
        assertFalse(e.problems().isEmpty(), () -> "seed " + seed);
      }
    }
    assertTrue(valid > 500, "too few: " + valid + ", seed " + seed);
  }
}
