// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.server.Handlers.Manual;
import org.quotapolicy.server.Statistics.Fault;

/** What is counted of a server's work. */
@Timeout(20)
class StatisticsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Path directory;

  StatisticsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void answers_areCountedOnce_byTheirFirstWord() throws Exception {
    try (TestServer server =
            new TestServer(directory, Transport.JUNIXSOCKET, TestServer.PATIENT, Handlers.ECHO);
        Client client = server.connect()) {
      client.ask("a");
      client.ask("b");
      client.send("request=other\n\n");
      client.receive();
      Statistics statistics = server.statistics();
      assertEquals(3, statistics.requests());
      assertEquals(Map.of("450", 2L, "DUNNO", 1L), statistics.answers());
      assertEquals(3, statistics.latency().count());
      assertEquals(Map.of(), statistics.couldNotTell());
    }
  }

  @Test
  void answer_thatIsLate_isOneOnly() throws Exception {
    Manual manual = new Manual();
    Limits limits = new Limits(9, Duration.ofMillis(60), LONG, LONG, LONG);
    try (TestServer server = new TestServer(directory, Transport.JDK, limits, manual);
        Client client = server.connect()) {
      client.ask("late");
      manual.take().answer();
      assertEquals(1, server.statistics().latency().count());
      server.awaitLog(Trouble.TIME.words()); // counted before
      assertEquals(Map.of(Trouble.TIME, 1L), server.statistics().couldNotTell());
    }
  }

  @Test
  void connections_areCounted() throws Exception {
    Limits limits = TestServer.PATIENT.withConnections(2);
    try (TestServer server =
        new TestServer(directory, Transport.JUNIXSOCKET, limits, Handlers.ECHO)) {
      Statistics statistics = server.statistics();
      try (Client one = server.connect();
          Client two = server.connect()) {
        for (Client client : List.of(one, two)) {
          client.ask("a");
        }
        try (Client three = server.connect()) {
          three.ask("b");
          assertEquals("end", one.receive());
        }
        two.send("garbage\n");
        assertEquals("end", two.receive());
        assertEquals(2, statistics.mostConnections());
        assertEquals(
            Map.of(Fault.CLOSED_FOR_ROOM, 1L, Fault.PROTOCOL_VIOLATION, 1L), statistics.faults());
      }
      while (statistics.connections() > 0) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void configuration_thatFails_leavesWhatWasLoaded() {
    Statistics statistics = new Statistics();
    statistics.notReloaded(List.of("wrong"));
    assertEquals(statistics.since(), statistics.configuration().loaded());
    assertEquals(List.of("wrong"), statistics.configuration().problems());
    statistics.reloaded();
    assertEquals(List.of(), statistics.configuration().problems());
  }
}
