// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.quotapolicy.config.RecipientConfig;
import org.quotapolicy.policy.DomainList;

/** Whether the daemon understands recipients as Postfix does. */
final class RecipientChecks {
  private static final List<String> TEXT_TABLES =
      List.of("hash:", "btree:", "lmdb:", "cdb:", "dbm:", "texthash:");

  private final Postconf postfix;
  private final RecipientConfig config;
  private final Host host;
  private final List<Advice> advice = new ArrayList<>();

  private RecipientChecks(Host host) {
    this.host = host;
    this.postfix = host.postfix();
    this.config = host.config().recipients();
  }

  /** All that there is to say. */
  static List<Advice> of(Host host) {
    RecipientChecks checks = new RecipientChecks(host);
    checks.checkDelimiter();
    checks.checkDomains();
    checks.checkAliases("alias_maps", "aliases", checks.config.aliases());
    checks.checkAliases("virtual_alias_maps", "virtual-aliases", checks.config.virtualAliases());
    checks.checkText();
    return checks.advice;
  }

  private void checkDelimiter() {
    String theirs = postfix.get("recipient_delimiter");
    String ours = config.delimiter().characters();
    if (characters(theirs).equals(characters(ours))) {
      advice.add(Advice.ok("delimiter", "\"" + ours + "\""));
    } else {
      advice.add(
          Advice.error(
              "delimiter",
              "recipient_delimiter is \"" + theirs + "\" in Postfix and \"" + ours + "\" here",
              "set recipient-delimiter = " + theirs));
    }
  }

  private static Set<Integer> characters(String text) {
    return text.chars().boxed().collect(Collectors.toSet());
  }

  private void checkDomains() {
    if (config.domains().isEmpty()) {
      advice.add(
          Advice.warning(
              "domains",
              "no domain is set, so every domain counts as one of this host's Unix users",
              "set domain = " + RecipientConfig.POSTFIX));
      return;
    }
    Set<String> missing = new TreeSet<>(DomainList.parse(postfix.get("mydestination")).names());
    missing.removeIf(name -> name.startsWith("!") || name.startsWith("localhost"));
    missing.removeAll(config.domains());
    if (missing.isEmpty() || config.domains().stream().anyMatch(RecipientChecks::isList)) {
      advice.add(Advice.ok("domains", String.join(" ", config.domains())));
    } else {
      advice.add(
          Advice.warning(
              "domains",
              "not checked, though in mydestination: " + String.join(" ", missing),
              "set domain = " + RecipientConfig.POSTFIX));
    }
  }

  private static boolean isList(String word) {
    return word.equals(RecipientConfig.POSTFIX) || word.startsWith("/");
  }

  private void checkAliases(String parameter, String setting, List<Path> known) {
    List<String> unknown = new ArrayList<>();
    for (String table : postfix.words(parameter)) {
      TEXT_TABLES.stream()
          .filter(table::startsWith)
          .map(type -> table.substring(type.length()))
          .filter(file -> !known.contains(Path.of(file)))
          .forEach(unknown::add);
    }
    if (unknown.isEmpty()) {
      advice.add(Advice.ok(setting, parameter + " is known"));
    }
    for (String file : unknown) {
      advice.add(
          Advice.warning(
              setting,
              parameter + " has " + file + ", so mail for full users behind its aliases bounces",
              "set " + setting + " = " + file));
    }
  }

  private void checkText() {
    boolean ascii =
        List.of(
                host.config().answers().overQuota(),
                host.config().answers().overInodeQuota(),
                host.config().answers().tooLarge(),
                host.config().answers().onError())
            .stream()
            .allMatch(action -> action.toString().chars().allMatch(c -> c < 0x80));
    if (ascii || postfix.isYes("smtputf8_enable")) {
      advice.add(Advice.ok("smtputf8", "the texts of the answers can be sent"));
    } else {
      advice.add(
          Advice.warning(
              "smtputf8",
              "the text of an answer is not ASCII, and smtputf8_enable = no",
              "write it in ASCII"));
    }
  }
}
