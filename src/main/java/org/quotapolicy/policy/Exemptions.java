// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.HashSet;
import java.util.Set;

/**
 * Who is never refused mail.
 *
 * @param names folded: users, and local parts such as {@code postmaster}
 * @param addresses folded: {@code user@domain} and {@code @domain}
 * @param groups ids of primary groups; unsigned 32-bit numbers
 */
public record Exemptions(Set<String> names, Set<String> addresses, Set<Long> groups) {
  /** Nobody. */
  public static final Exemptions NONE = new Exemptions(Set.of(), Set.of(), Set.of());

  public Exemptions {
    names = Set.copyOf(names);
    addresses = Set.copyOf(addresses);
    groups = Set.copyOf(groups);
  }

  /** The exemption of these names and addresses, in any case of letters. */
  public static Exemptions of(Iterable<String> namesAndAddresses) {
    Set<String> names = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    for (String entry : namesAndAddresses) {
      if (entry.indexOf('@') < 0) {
        names.add(Address.foldAscii(entry));
      } else {
        addresses.add(Address.of(entry).key());
      }
    }
    return new Exemptions(names, addresses, Set.of());
  }

  /** The same, and the members of a group: those it lists, and whose primary group it is. */
  public Exemptions withGroup(long id, Set<String> members) {
    Set<String> allNames = new HashSet<>(names);
    members.forEach(member -> allNames.add(Address.foldAscii(member)));
    Set<Long> allGroups = new HashSet<>(groups);
    allGroups.add(id);
    return new Exemptions(allNames, addresses, allGroups);
  }

  /** Whether mail for an address whose local part without its extension is {@code user} is. */
  boolean covers(Address address, String user) {
    return names.contains(user)
        || names.contains(Address.foldAscii(address.localPart()))
        || (!addresses.isEmpty() && !address.domain().isEmpty() && coversAddress(address, user));
  }

  private boolean coversAddress(Address address, String user) {
    String domain = "@" + address.domain();
    return addresses.contains(address.key())
        || addresses.contains(user + domain)
        || addresses.contains(domain);
  }

  /** Whether users with this primary group are. */
  public boolean coversGroup(long id) {
    return groups.contains(id);
  }
}
