// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.nio.file.Path;
import java.util.List;
import org.quotapolicy.policy.RecipientDelimiter;

/**
 * Which recipients are checked, before files are read and programs asked.
 *
 * @param delimiter recipient delimiter
 * @param domains words of a list of domains, {@link #POSTFIX} among them perhaps; empty = all
 * @param aliases files as aliases(5); absolute
 * @param virtualAliases files as virtual(5); absolute
 * @param exempt users, local parts, {@code user@domain} and {@code @domain}, each byte as one char
 * @param exemptGroups names of groups, each byte as one char
 */
public record RecipientConfig(
    RecipientDelimiter delimiter,
    List<String> domains,
    List<Path> aliases,
    List<Path> virtualAliases,
    List<String> exempt,
    List<String> exemptGroups) {
  /** Stands for the domains of Postfix's mydestination. */
  public static final String POSTFIX = "postfix";

  public RecipientConfig {
    domains = List.copyOf(domains);
    aliases = List.copyOf(aliases);
    virtualAliases = List.copyOf(virtualAliases);
    exempt = List.copyOf(exempt);
    exemptGroups = List.copyOf(exemptGroups);
  }
}
