// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a service manager gave to this process when it started it; nothing, if a person did.
 *
 * @param socket descriptor of the listening socket that it keeps
 * @param notices what it is to be told
 * @param patience how long it waits for a sign of life, if it waits for any
 */
record ServiceStart(OptionalInt socket, ServiceNotices notices, Optional<Duration> patience) {
  /** The number of the first descriptor that is passed: SD_LISTEN_FDS_START. */
  private static final int FIRST = 3;

  /**
   * Reads the environment. Source: sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3).
   *
   * @param pid of this process: variables may have been meant for whoever started it
   * @throws IOException if something is given that this daemon can do nothing with
   */
  static ServiceStart of(Map<String, String> environment, long pid) throws IOException {
    return new ServiceStart(
        socket(environment, pid), ServiceNotices.of(environment), patience(environment, pid));
  }

  private static OptionalInt socket(Map<String, String> environment, long pid) throws IOException {
    String count = environment.getOrDefault("LISTEN_FDS", "0");
    if (count.equals("0") || !Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
      return OptionalInt.empty();
    }
    if (!count.equals("1")) {
      throw new IOException(
          "the service manager passes "
              + count
              + " sockets; leave the socket unit one ListenStream=");
    }
    return OptionalInt.of(FIRST);
  }

  private static Optional<Duration> patience(Map<String, String> environment, long pid) {
    String self = Long.toString(pid);
    String time = environment.getOrDefault("WATCHDOG_USEC", "");
    return environment.getOrDefault("WATCHDOG_PID", self).equals(self)
            && time.matches("[1-9][0-9]{0,17}")
        ? Optional.of(Duration.of(Long.parseLong(time), ChronoUnit.MICROS))
        : Optional.empty();
  }
}
