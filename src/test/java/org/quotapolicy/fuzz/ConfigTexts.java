// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.quotapolicy.config.ConfigFile;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Settings;
import org.quotapolicy.policy.ActionTemplate;

/** The configuration file: either all is right and harmless, or each problem is told in a line. */
public final class ConfigTexts {
  private ConfigTexts() {}

  /** One file. */
  public static void fuzzerTestOneInput(byte[] data) {
    ConfigFile file = ConfigFile.parse("c", new String(data, StandardCharsets.UTF_8));
    Settings settings = new Settings(file, List.of());
    settings.show();
    try {
      check(DaemonOptions.toConfig(settings));
    } catch (InvalidConfigException e) {
      Must.hold(!e.problems().isEmpty(), "it says what is wrong");
    }
  }

  private static void check(DaemonConfig config) {
    check(config.answers().overQuota());
    check(config.answers().overInodeQuota());
    check(config.answers().tooLarge());
    check(config.answers().onError());
    Must.hold(config.socket().isAbsolute() && config.pidFile().isAbsolute(), "absolute paths");
    Must.hold(!config.timeout().isNegative() && !config.timeout().isZero(), "a time limit");
  }

  private static void check(ActionTemplate answer) {
    // What is sent: a template is shown as it was written, perhaps in small letters.
    String word = answer.actionFor("user@example.org").toString().split(" ", 2)[0];
    Must.hold(
        word.matches("DUNNO|DEFER|DEFER_IF_PERMIT|DEFER_IF_REJECT|REJECT|[45][0-9][0-9]"),
        "nothing that permits mail: " + answer);
  }
}
