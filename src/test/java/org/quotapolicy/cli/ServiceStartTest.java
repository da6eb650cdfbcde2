// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ServiceStartTest {
  private static ServiceStart of(String... namesAndValues) throws IOException {
    Map<String, String> environment = new java.util.HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return ServiceStart.of(environment, 42);
  }

  @Test
  void socket_passedToThisProcess_isTheFirstDescriptor() throws IOException {
    assertEquals(OptionalInt.of(3), of("LISTEN_PID", "42", "LISTEN_FDS", "1").socket());
  }

  @Test
  void socket_passedToAnotherProcess_isNone() throws IOException {
    assertEquals(OptionalInt.empty(), of("LISTEN_PID", "41", "LISTEN_FDS", "1").socket());
    assertEquals(OptionalInt.empty(), of("LISTEN_FDS", "1").socket());
    assertEquals(OptionalInt.empty(), of("LISTEN_PID", "42").socket());
    assertEquals(OptionalInt.empty(), of("LISTEN_PID", "42", "LISTEN_FDS", "0").socket());
  }

  @Test
  void sockets_several_areAnError() {
    IOException e =
        assertThrows(IOException.class, () -> of("LISTEN_PID", "42", "LISTEN_FDS", "2"));
    assertEquals(
        "the service manager passes 2 sockets; leave the socket unit one ListenStream=",
        e.getMessage());
  }

  @Test
  void patience_ofThisProcess_isInMicroseconds() throws IOException {
    Optional<Duration> half = Optional.of(Duration.ofMillis(500));
    assertEquals(half, of("WATCHDOG_USEC", "500000").patience());
    assertEquals(half, of("WATCHDOG_USEC", "500000", "WATCHDOG_PID", "42").patience());
  }

  @Test
  void patience_elseOrNonsense_isNone() throws IOException {
    assertEquals(Optional.empty(), of("WATCHDOG_USEC", "500000", "WATCHDOG_PID", "1").patience());
    assertEquals(Optional.empty(), of("WATCHDOG_USEC", "0").patience());
    assertEquals(Optional.empty(), of("WATCHDOG_USEC", "soon").patience());
    assertEquals(Optional.empty(), of().patience());
  }
}
