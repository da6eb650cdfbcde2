// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.RecipientDelimiter;

final class DaemonOptionsTest {
  @Test
  void noOption_givesDocumentedDefaults() throws InvalidConfigException {
    DaemonConfig expected =
        new DaemonConfig(
            Path.of("/var/spool/postfix/quotapolicy/quotapolicy.socket"),
            Path.of("/var/spool/postfix/quotapolicy/quotapolicy.pid"),
            new RecipientDelimiter("+"),
            "quotapolicy",
            0666,
            Optional.empty(),
            Action.DEFAULT_OVER_QUOTA,
            Action.DUNNO,
            Duration.ofSeconds(5),
            HelperStart.AUTO,
            Path.of("/usr/bin/sudo"),
            4096,
            false);
    assertEquals(expected, new DaemonOptions().toConfig());
  }

  @Test
  void relativeNames_areRelativeToHomedir() throws InvalidConfigException {
    DaemonOptions options = new DaemonOptions();
    options.homedir = "/run/q";
    options.socketfile = "s";
    options.pidfile = "/elsewhere/p";
    assertEquals(Path.of("/run/q/s"), options.toConfig().socket());
    assertEquals(Path.of("/elsewhere/p"), options.toConfig().pidFile());
  }

  @Test
  void severalProblems_areReportedTogether() {
    DaemonOptions options = new DaemonOptions();
    options.timeout = "0";
    options.overQuota = "OK";
    options.helper = "setuid";
    InvalidConfigException e = assertThrows(InvalidConfigException.class, options::toConfig);
    assertEquals(
        List.of("--over-quota", "--timeout", "--helper"),
        e.problems().stream().map(p -> p.substring(0, p.indexOf(' '))).toList());
  }

  @TestFactory
  Stream<DynamicTest> wrongValue_isNamedWithItsOption() {
    return Stream.of(
        wrong("--homedir", "relative", (o, v) -> o.homedir = v),
        wrong("--homedir", "", (o, v) -> o.homedir = v),
        wrong("--homedir", "/nul\0", (o, v) -> o.homedir = v),
        wrong("--socketfile", "", (o, v) -> o.socketfile = v),
        wrong("--socketfile", "dir/", (o, v) -> o.socketfile = v),
        wrong("--pidfile", "/", (o, v) -> o.pidfile = v),
        wrong("--recipient-delimiter", "@", (o, v) -> o.recipientDelimiter = v),
        wrong("--recipient-delimiter", "+ ", (o, v) -> o.recipientDelimiter = v),
        wrong("--user", "", (o, v) -> o.user = v),
        wrong("--user", "a:b", (o, v) -> o.user = v),
        wrong("--socket-mode", "999", (o, v) -> o.socketMode = v),
        wrong("--socket-mode", "1777", (o, v) -> o.socketMode = v),
        wrong("--socket-mode", "66", (o, v) -> o.socketMode = v),
        wrong("--socket-group", "", (o, v) -> o.socketGroup = v),
        wrong("--over-quota", "", (o, v) -> o.overQuota = v),
        wrong("--on-error", "PERMIT", (o, v) -> o.onError = v),
        wrong("--timeout", "-1", (o, v) -> o.timeout = v),
        wrong("--timeout", "91", (o, v) -> o.timeout = v),
        wrong("--timeout", "5s", (o, v) -> o.timeout = v),
        wrong("--timeout", "99999999999999999999", (o, v) -> o.timeout = v),
        wrong("--sudopath", "sudo", (o, v) -> o.sudopath = v),
        wrong("--max-connections", "0", (o, v) -> o.maxConnections = v));
  }

  private static DynamicTest wrong(
      String option, String value, BiConsumer<DaemonOptions, String> setter) {
    return DynamicTest.dynamicTest(
        option + " " + value,
        () -> {
          DaemonOptions options = new DaemonOptions();
          setter.accept(options, value);
          InvalidConfigException e = assertThrows(InvalidConfigException.class, options::toConfig);
          String problem = e.problems().get(0);
          assertTrue(problem.startsWith(option + " \"" + value + "\": "), problem);
        });
  }
}
