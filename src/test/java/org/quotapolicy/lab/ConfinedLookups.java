// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.quotapolicy.lab.Policy.Verdict;

/** What the helper must still be able to do when it has given up all else. */
class ConfinedLookups {
  private static final int REQUESTS = 3_000;
  private static final Path USERDB = Path.of("/run/systemd/userdb");

  /** A service as systemd-userdbd(8) is one: knows nobody, and notes that it was asked. */
  private static final String SERVICE =
      """
      use IO::Socket::UNIX;
      my $path = '/run/systemd/userdb/io.systemd.DynamicUser';
      my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path, Listen => 5);
      chmod 0666, $path;
      while (my $client = $server->accept) {
        local $/ = "\\0";
        my $question = <$client>;
        open(my $log, '>>', '/run/lab/userdb.log');
        print $log "$question\\n";
        close $log;
        print $client '{"error":"io.systemd.UserDatabase.NoRecordFound","parameters":{}}', "\\0";
        close $client;
      }
      """;

  @Test
  void manyRequests_alsoAboutNobody_answeredRightly() {
    try (Daemon daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL);
        Policy policy = new Policy()) {
      for (int i = 0; i < REQUESTS; i += 3) {
        assertEquals(Verdict.REFUSE, policy.ask("overhard", 0).verdict());
        assertEquals(Verdict.ACCEPT, policy.ask("room", 0).verdict());
        assertEquals(Verdict.ACCEPT, policy.ask("nobody-" + i, 0).verdict());
      }
      assertTrue(daemon.isAlive());
      assertFalse(daemon.log().contains("not confined"), daemon::log);
    }
  }

  /** A name service's module that speaks with a service, over sockets, with timers. */
  @Test
  void unknownUser_nssSystemdAsksAService_answered() throws IOException {
    assertTrue(Guest.must("grep ^passwd: /etc/nsswitch.conf").contains("systemd"));
    Files.createDirectories(USERDB);
    Process service = new ProcessBuilder("perl", "-e", SERVICE).inheritIO().start();
    try (Daemon daemon = Daemon.direct("--on-error", Daemon.COULD_NOT_TELL)) {
      assertEquals(Verdict.ACCEPT, Policy.askOnce("stranger", 0).verdict());
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      String asked = Guest.read(Path.of("/run/lab/userdb.log"));
      assertTrue(asked.contains("\"userName\":\"stranger\""), asked);
      assertTrue(daemon.isAlive());
    } finally {
      service.destroy();
      Guest.must("rm -r " + USERDB);
    }
  }

  /** As in a container: filesystems are asked by descriptors of their mount points. */
  @Test
  void withoutDeviceNodes_answered() {
    try (Daemon daemon = Daemon.directWithoutDevices("--on-error", Daemon.COULD_NOT_TELL)) {
      assertEquals(Verdict.REFUSE, Policy.askOnce("overhard", 0).verdict());
      assertEquals(Verdict.REFUSE, Policy.askOnce("xoverhard", 0).verdict());
      assertEquals(Verdict.ACCEPT, Policy.askOnce("room", 0).verdict());
      assertTrue(daemon.isAlive());
    }
  }
}
