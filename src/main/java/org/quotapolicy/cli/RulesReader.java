// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.RecipientConfig;
import org.quotapolicy.policy.DomainList;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.LocalDomains;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.server.AliasFiles;
import org.quotapolicy.server.Denied;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.Rules;
import org.quotapolicy.system.RegularFile;

/**
 * Makes rules of a configuration: reads the files that it names, asks postconf(1) for domains and
 * getent(1) for groups.
 *
 * <p>SECURITY: runs as the unprivileged user, when root is given up. The programs have fixed paths.
 */
final class RulesReader {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MAX_FILE = 1 << 20;
  private static final int MAX_FILES = 20;

  private static final List<String> MYDESTINATION =
      List.of("/usr/sbin/postconf", "-hx", "mydestination");

  private final Log log;
  private final Programs programs;
  private volatile Set<Path> lists = Set.of();

  RulesReader(Log log, Programs programs) {
    this.log = log;
    this.programs = programs;
  }

  /** The rules at the daemon's start. Alias files that cannot be read yet may come later. */
  Rules first(DaemonConfig config) throws IOException {
    if (config.recipients().domains().isEmpty()) {
      log.warning(
          "no --domain is set: recipients of every domain count as Unix users of this host;"
              + " --domain=postfix takes those of mydestination");
    }
    return read(config, watch(config.recipients()));
  }

  /** Other rules instead of those in force; all that they need can be read. */
  Rules next(DaemonConfig config, Rules inForce) throws IOException {
    RecipientConfig recipients = config.recipients();
    tellWhatStays(recipients, config.storage());
    if (inForce.aliases().areThose(recipients.aliases(), recipients.virtualAliases())) {
      return read(config, inForce.aliases());
    }
    AliasFiles aliases = watch(recipients);
    try {
      if (aliases.current().isEmpty()) {
        throw new IOException("alias files cannot be read");
      }
      Rules rules = read(config, aliases);
      inForce.aliases().close();
      return rules;
    } catch (IOException e) {
      aliases.close();
      throw e;
    }
  }

  /** The lists of domains that were read last. */
  Set<Path> lists() {
    return lists;
  }

  private void tellWhatStays(RecipientConfig recipients, Storage storage) {
    boolean asks =
        storage.hasMbox()
            || recipients.domains().contains(RecipientConfig.POSTFIX)
            || !recipients.exemptGroups().isEmpty();
    if (asks && programs.isOver()) {
      log.info(
          "postconf and getent are not asked again: what they said at the start stays in force"
              + " until a restart");
    }
  }

  private AliasFiles watch(RecipientConfig recipients) {
    return AliasFiles.watch(recipients.aliases(), recipients.virtualAliases(), log, PATIENCE);
  }

  private Rules read(DaemonConfig config, AliasFiles aliases) throws IOException {
    RecipientConfig recipients = config.recipients();
    return new Rules(
        recipients.delimiter(),
        domains(recipients.domains()),
        exemptions(recipients),
        aliases,
        config.answers(),
        storage(config.storage()),
        config.reserve());
  }

  /** Postfix is asked whatever mailboxes there are: after a reload they may be others. */
  private Storage storage(Storage configured) {
    try {
      return LockFiles.of(configured, programs);
    } catch (IOException e) {
      if (configured.hasMbox()) {
        log.info(
            "Postfix is taken to make lock files beside an mbox, its default: " + e.getMessage());
      }
      return configured;
    }
  }

  private LocalDomains domains(List<String> words) throws IOException {
    if (words.isEmpty()) {
      return LocalDomains.ALL;
    }
    List<String> names = new ArrayList<>();
    Set<String> files = new HashSet<>();
    for (String word : words) {
      addDomains(text(word), names, files);
    }
    lists = paths(files);
    return LocalDomains.of(names);
  }

  private String text(String word) throws IOException {
    return word.equals(RecipientConfig.POSTFIX) ? programs.output(MYDESTINATION) : word;
  }

  private void addDomains(String text, List<String> names, Set<String> files) throws IOException {
    DomainList list = DomainList.parse(text);
    names.addAll(list.names());
    list.notUnderstood()
        .forEach(
            word ->
                log.warning(
                    "list of domains: "
                        + word
                        + " is not looked into, so its domains are not checked"));
    for (String file : list.files()) {
      if (files.add(file)) {
        addDomains(file(file, files.size()), names, files);
      }
    }
  }

  private static String file(String name, int count) throws IOException {
    Path path = path(name);
    if (count > MAX_FILES) {
      throw new IOException("list of domains " + path + " cannot be read: too many");
    }
    try (RegularFile file = RegularFile.open(path)) {
      return file.text(MAX_FILE);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "list of domains " + path + " cannot be read: " + Denied.reason(path), e);
    } catch (IOException e) {
      throw new IOException("list of domains " + path + " cannot be read: " + e, e);
    }
  }

  private static Set<Path> paths(Set<String> names) throws IOException {
    Set<Path> paths = new HashSet<>();
    for (String name : names) {
      paths.add(path(name));
    }
    return paths;
  }

  private Exemptions exemptions(RecipientConfig recipients) throws IOException {
    Exemptions exemptions = Exemptions.of(recipients.exempt());
    for (String name : recipients.exemptGroups()) {
      exemptions = with(exemptions, name);
    }
    return exemptions;
  }

  /** Source: group(5), {@code name:password:gid:member,...}. */
  private Exemptions with(Exemptions exemptions, String name) throws IOException {
    List<String> command = List.of("/usr/bin/getent", "group", "--", utf8(name));
    String[] fields = programs.output(command).strip().split(":", -1);
    Optional<Long> id = fields.length == 4 ? id(fields[2]) : Optional.empty();
    if (id.isEmpty()) {
      throw new IOException(String.join(" ", command) + " did not tell the group");
    }
    return exemptions.withGroup(id.get(), members(fields[3]));
  }

  /** A member may be listed twice. */
  static Set<String> members(String list) {
    return Set.copyOf(List.of(list.split(",", -1)));
  }

  private static Optional<Long> id(String digits) {
    return digits.matches("[0-9]{1,10}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
  }

  private static Path path(String name) throws IOException {
    try {
      return Path.of(utf8(name));
    } catch (InvalidPathException e) {
      throw new IOException("list of domains: " + e.getMessage(), e);
    }
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
