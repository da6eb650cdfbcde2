// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The expansion of one recipient, in the order in which Postfix does it.
 *
 * <p>First cleanup(8) applies virtual(5) to any address until nothing changes, then local(8)
 * applies aliases(5) to those of local domains. The first target that is not a Unix user ends it:
 * then the mail is not to be refused. Sources: Postfix src/cleanup/cleanup_map1n.c,
 * src/global/mail_addr_find.c, src/local/recipient.c, alias.c, token.c.
 */
final class Expansion {
  /** Most addresses, aliases and files that are looked at. Postfix's limits are 1,000 and 100. */
  static final int MAX_STEPS = 1_000;

  /** Longest address that a virtual alias may make, as virtual_alias_address_length_limit. */
  static final int MAX_ADDRESS = 1_000;

  /** Most users: each of them may have to be asked for. */
  static final int MAX_USERS = 100;

  private final Recipients rules;
  private final Deque<Runnable> work = new ArrayDeque<>();
  private final Set<String> rewritten = new HashSet<>();
  private final Set<String> expanded = new HashSet<>();
  private final Set<Targets.User> users = new LinkedHashSet<>();
  private int steps;
  private @Nullable String elsewhere;

  /**
   * How an address came into an alias.
   *
   * @param alias the name of the alias; empty if it comes from none
   * @param resubmitted whether local(8) sends it as a new message, through cleanup(8) again: so
   *     from included files and from aliases that have an {@code owner-}
   */
  private record Origin(String alias, boolean resubmitted) {
    private static final Origin RECIPIENT = new Origin("", false);
  }

  Expansion(Recipients rules) {
    this.rules = rules;
  }

  Targets of(Address recipient) {
    rewrite(recipient);
    for (Runnable next = work.poll(); next != null && elsewhere == null; next = work.poll()) {
      next.run();
      if (++steps > MAX_STEPS || users.size() > MAX_USERS) {
        goesElsewhere("expands to too much");
      }
    }
    if (elsewhere == null && users.isEmpty()) {
      goesElsewhere("expands to nobody");
    }
    return elsewhere != null
        ? new Targets.Elsewhere(elsewhere)
        : new Targets.Users(new ArrayList<>(users));
  }

  private void goesElsewhere(String reason) {
    elsewhere = reason;
  }

  /** Applies virtual aliases. */
  private void rewrite(Address address) {
    if (isExempt(address) || !rewritten.add(address.key())) {
      return;
    }
    Optional<List<AliasTarget>> found = virtualAlias(address);
    if (found.isEmpty()) {
      deliverUnexempt(address, Origin.RECIPIENT);
      return;
    }
    for (AliasTarget target : found.get()) {
      if (target instanceof AliasTarget.Mail mail) {
        rewriteTo(address, mail.address());
      } else {
        goesElsewhere("virtual alias is not an address");
      }
    }
  }

  private void rewriteTo(Address from, String to) {
    String text = to.startsWith("@") ? from.localPart() + to : to;
    Address target = Address.of(text);
    if (text.length() > MAX_ADDRESS) {
      // Each round could add to it, and all of it is looked at in each round.
      goesElsewhere("expands to too long an address");
    } else if (target.key().equals(from.key())) {
      // An address may expand into itself once, and is then what it is.
      work.add(() -> deliver(target, Origin.RECIPIENT));
    } else {
      work.add(() -> rewrite(target));
    }
  }

  /**
   * Extensions that a shorter key leaves over would be added to the target: users stay the same.
   */
  private Optional<List<AliasTarget>> virtualAlias(Address address) {
    if (rules.aliases().virtual().isEmpty()) {
      return Optional.empty();
    }
    String user = rules.delimiter().withoutExtension(address.localPart());
    String full = Address.foldAscii(address.localPart());
    String domain = "@" + address.domain();
    List<String> keys = new ArrayList<>();
    if (!address.domain().isEmpty()) {
      keys.addAll(List.of(full + domain, user + domain));
    }
    if (rules.domains().contains(address)) {
      keys.addAll(List.of(full, user));
    }
    if (!address.domain().isEmpty()) {
      keys.add(domain);
    }
    return keys.stream().flatMap(key -> rules.aliases().virtual(key).stream()).findFirst();
  }

  /** Applies aliases, or finds the user. */
  private void deliver(Address address, Origin origin) {
    if (!isExempt(address)) {
      deliverUnexempt(address, origin);
    }
  }

  private void deliverUnexempt(Address address, Origin origin) {
    if (!rules.domains().contains(address)) {
      goesElsewhere("not a local domain");
      return;
    }
    String user = rules.delimiter().withoutExtension(address.localPart());
    if (isExpanded(Address.foldAscii(address.localPart()), origin) || isExpanded(user, origin)) {
      return;
    }
    if (origin.resubmitted()) {
      work.add(() -> rewrite(address));
    } else {
      addUser(address);
    }
  }

  /** An alias that lists its own name means the user of that name. */
  private boolean isExpanded(String name, Origin origin) {
    Optional<List<AliasTarget>> found = rules.aliases().local(name);
    boolean isAlias = found.isPresent() && !name.equals(origin.alias());
    if (isAlias) {
      expand(name, found.get());
    }
    return isAlias;
  }

  private void addUser(Address address) {
    Optional<String> user = rules.delimiter().userOf(address.localPart());
    if (user.isPresent()) {
      users.add(new Targets.User(user.get(), address.domain()));
    } else {
      goesElsewhere("no account can have this name");
    }
  }

  private void expand(String alias, List<AliasTarget> targets) {
    if (expanded.add(alias)) {
      boolean hasOwner = rules.aliases().local("owner-" + alias).isPresent();
      Origin origin = new Origin(alias, hasOwner);
      targets.forEach(target -> work.add(() -> deliver(target, origin)));
    }
  }

  private void deliver(AliasTarget target, Origin origin) {
    if (target instanceof AliasTarget.Mail mail) {
      Address address = Address.of(mail.address());
      if (rules.domains().contains(address)) {
        deliver(address, origin);
      } else {
        rewrite(address);
      }
    } else if (target instanceof AliasTarget.Include include) {
      include(include.path(), new Origin(origin.alias(), true));
    } else {
      goesElsewhere("alias to a program or file");
    }
  }

  private void include(String path, Origin origin) {
    Optional<List<AliasTarget>> targets = rules.aliases().included(path);
    if (targets.isEmpty()) {
      goesElsewhere("included file not read");
    } else if (expanded.add(":include:" + path)) {
      targets.get().forEach(target -> work.add(() -> deliver(target, origin)));
    }
  }

  private boolean isExempt(Address address) {
    String user =
        RecipientDelimiter.withoutBackslash(
            rules.delimiter().withoutExtension(address.localPart()));
    boolean exempt = rules.exemptions().covers(address, user);
    if (exempt) {
      goesElsewhere("exempt");
    }
    return exempt;
  }
}
