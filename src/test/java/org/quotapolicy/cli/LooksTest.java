// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quotapolicy.config.ConfigFile;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Setting;
import org.quotapolicy.config.Settings;
import org.quotapolicy.mailbox.Judged;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.verdict.LookupResult.NoSuchUser;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Verdict;

class LooksTest {
  private static final Need NEED = Need.ofMessage(0);
  private static final Found PROC = new Found(new UserQuotas(1, 1, "/proc/self", List.of()));

  private static Looks looks(String name, String template, Optional<String> charge) {
    List<Given> given = new ArrayList<>(List.of(Given.onCommandLine(Setting.MAILBOX, template)));
    charge.ifPresent(user -> given.add(Given.onCommandLine(Setting.CHARGE, user)));
    try {
      DaemonConfig rules = DaemonOptions.toConfig(new Settings(ConfigFile.NONE, given));
      return new Looks(name, NEED, rules, Duration.ofSeconds(5));
    } catch (InvalidConfigException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void account_isTheUserUnlessAnotherIsCharged() {
    assertEquals("a@b", looks("a@b", "%h/", Optional.empty()).account());
    assertEquals("a", looks("a@b", "/%d/%u/", Optional.empty()).account());
    Looks charged = looks("a@b", "%h/", Optional.of("vmail"));
    assertEquals("vmail", charged.account());
    assertTrue(charged.missing().isPresent());
    assertTrue(looks("a", "%h/", Optional.empty()).missing().isEmpty());
  }

  /** procfs is local on every machine and has no quota. */
  @Test
  void judgement_isOfTheTemplates() {
    Looks looks = looks("fs@sys", "/proc/%d/%u/", Optional.empty());
    assertFalse(looks.next(PROC).isPresent());
    List<String> paths = looks.judgement().mailboxes().stream().map(Judged::path).toList();
    assertEquals(List.of("/proc/sys/fs/"), paths);
    assertTrue(looks.judgement().verdict() instanceof Verdict.Accept);
  }

  @Test
  void address_withoutWhatTheTemplateSays_isUnknown() {
    Looks looks = looks("fs", "/proc/%d/%u/", Optional.empty());
    assertFalse(looks.next(PROC).isPresent());
    assertTrue(looks.judgement().verdict() instanceof Verdict.Unknown);
  }

  @Test
  void nothingFound_isNotLookedAtAgain() {
    Looks looks = looks("a", "%h/", Optional.empty());
    assertFalse(looks.next(new NoSuchUser()).isPresent());
    assertFalse(looks.next(new CouldNotTell("dark")).isPresent());
  }
}
