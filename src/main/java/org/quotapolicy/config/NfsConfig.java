// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How NFS servers are asked for quotas.
 *
 * @param timeout for all that one quota takes
 * @param cacheLife how long an answer may be used again; zero = not at all
 * @param port of the servers' rquota services; empty: their port mappers say it
 * @param identity who asks; empty: the user who is asked about
 */
public record NfsConfig(
    Duration timeout, Duration cacheLife, OptionalInt port, Optional<Identity> identity) {

  /**
   * Who asks, as AUTH_SYS says it.
   *
   * @param uid an unsigned 32-bit number
   * @param gid an unsigned 32-bit number
   */
  public record Identity(long uid, long gid) {}
}
