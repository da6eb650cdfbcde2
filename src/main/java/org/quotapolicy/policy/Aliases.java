// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All aliases at one moment.
 *
 * @param local aliases(5), by folded name
 * @param virtual virtual(5), by folded address: {@code user@domain}, {@code user}, {@code @domain}
 * @param included what {@code :include:} files list, by path; a file that could not be read is
 *     absent
 */
public record Aliases(
    Map<String, List<AliasTarget>> local,
    Map<String, List<AliasTarget>> virtual,
    Map<String, List<AliasTarget>> included) {
  /** No alias at all. */
  public static final Aliases NONE = new Aliases(Map.of(), Map.of(), Map.of());

  public Aliases {
    local = Map.copyOf(local);
    virtual = Map.copyOf(virtual);
    included = Map.copyOf(included);
  }

  Optional<List<AliasTarget>> local(String name) {
    return Optional.ofNullable(local.get(name));
  }

  Optional<List<AliasTarget>> virtual(String key) {
    return Optional.ofNullable(virtual.get(key));
  }

  Optional<List<AliasTarget>> included(String path) {
    return Optional.ofNullable(included.get(path));
  }
}
