// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.quotapolicy.quota.QuotaType;

/** The ids that this machine's name service lists. Source: passwd(5), group(5). */
final class LocalIds {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Of both files: {@code name:password:id:...}. */
  private static final int ID = 2;

  private LocalIds() {}

  /** Users or groups, in ascending order; of what has no list, none. */
  static List<Long> of(QuotaType type) throws IOException {
    return switch (type) {
      case USER -> parse(new Command(List.of("/usr/bin/getent", "passwd"), LIMIT).output());
      case GROUP -> parse(new Command(List.of("/usr/bin/getent", "group"), LIMIT).output());
      case PROJECT -> List.of();
    };
  }

  static List<Long> parse(String lines) {
    return lines
        .lines()
        .map(line -> Arrays.asList(line.split(":", -1)))
        .filter(fields -> fields.size() > ID && fields.get(ID).matches("[0-9]{1,10}"))
        .map(fields -> Long.parseLong(fields.get(ID)))
        .filter(id -> id < 0xffff_ffffL)
        .sorted()
        .distinct()
        .toList();
  }
}
