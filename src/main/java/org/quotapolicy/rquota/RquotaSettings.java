// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How servers are asked.
 *
 * @param timeout for all that one quota takes: port mapper, versions, transports, forms of the path
 * @param cacheLife how long an answer may be used again, from when it was asked for; zero = not
 * @param port where rquota services are; empty: the port mapper of each server says it
 * @param identity who asks; empty: the user who is asked about
 */
public record RquotaSettings(
    Duration timeout, Duration cacheLife, OptionalInt port, Optional<Identity> identity) {

  /** What is usual. */
  public static final RquotaSettings DEFAULT =
      new RquotaSettings(
          Duration.ofSeconds(2), Duration.ofSeconds(5), OptionalInt.empty(), Optional.empty());

  /**
   * Who a question says that it comes from.
   *
   * @param uid an unsigned 32-bit number
   * @param gid an unsigned 32-bit number
   */
  public record Identity(long uid, long gid) {}

  /** The same with another time-out. */
  public RquotaSettings withTimeout(Duration other) {
    return new RquotaSettings(other, cacheLife, port, identity);
  }

  /** The same with another life of answers. */
  public RquotaSettings withCacheLife(Duration other) {
    return new RquotaSettings(timeout, other, port, identity);
  }
}
