// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The domains whose mail is delivered to Unix users.
 *
 * @param all whether every domain is one of them
 * @param names folded, each byte as one char
 */
public record LocalDomains(boolean all, Set<String> names) {
  /** Every domain, as without {@code --domain}. */
  public static final LocalDomains ALL = new LocalDomains(true, Set.of());

  public LocalDomains {
    names = Set.copyOf(names);
  }

  /**
   * Domains of a list in which {@code !name} excludes a name from what follows.
   *
   * <p>Source: Postfix DATABASE_README, match_list(3): the first match decides.
   */
  public static LocalDomains of(List<String> patterns) {
    Set<String> in = new HashSet<>();
    Set<String> out = new HashSet<>();
    for (String pattern : patterns) {
      boolean excluded = pattern.startsWith("!");
      String name = Address.foldDomain(excluded ? pattern.substring(1) : pattern);
      if (excluded && !in.contains(name)) {
        out.add(name);
      } else if (!excluded && !out.contains(name)) {
        in.add(name);
      }
    }
    return new LocalDomains(false, in);
  }

  /** Whether mail for an address is delivered to Unix users. Without a domain it is. */
  boolean contains(Address address) {
    return all || address.domain().isEmpty() || names.contains(address.domain());
  }
}
