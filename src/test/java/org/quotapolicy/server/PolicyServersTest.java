// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;

/** Several listeners, one of which ends. */
@Timeout(30)
class PolicyServersTest {
  private final Path directory;

  PolicyServersTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** What no listener outlives. */
  private static final class Broken implements RequestHandler {
    @Override
    public void handle(AccessPolicyRequest request, ReplySink reply) {
      throw new AssertionError("as intended");
    }

    @Override
    public Action onError(AccessPolicyRequest request) {
      return Handlers.ON_ERROR;
    }

    @Override
    public void decidedWithout(AccessPolicyRequest request, Action action, String reason) {}
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void listener_endedByABug_allEnd(int which) throws Exception {
    List<PolicySocket> sockets = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sockets.add(PolicySocket.bind(path(i), 0600, OptionalLong.empty(), Transport.JUNIXSOCKET));
    }
    Log log = new Log(new ByteArrayOutputStream(), System::nanoTime);
    PolicyServers servers =
        new PolicyServers(sockets, new Broken(), TestServer.PATIENT, new Statistics(), log);
    CompletableFuture<Void> end = CompletableFuture.runAsync(() -> run(servers));
    try (Client client = new Client(path(which))) {
      client.send("recipient=a\n\n");
      ExecutionException failed =
          assertThrows(ExecutionException.class, () -> end.get(20, TimeUnit.SECONDS));
      assertEquals(
          "java.lang.AssertionError: as intended",
          Objects.requireNonNull(failed.getCause()).getMessage());
    } finally {
      servers.stop();
    }
  }

  /** As by a signal while the daemon still waits for its helper. */
  @Test
  void stop_beforeItServes_saysNothing() throws Exception {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Log log = new Log(written, System::nanoTime);
    PolicySocket socket =
        PolicySocket.bind(path(0), 0600, OptionalLong.empty(), Transport.JUNIXSOCKET);
    PolicyServers servers =
        new PolicyServers(
            List.of(socket), Handlers.ECHO, TestServer.PATIENT, new Statistics(), log);
    servers.stop();
    log.flush();
    assertEquals("", written.toString(StandardCharsets.US_ASCII));
    servers.run();
  }

  private Path path(int i) {
    return directory.resolve("policy" + i);
  }

  private static void run(PolicyServers servers) {
    try {
      servers.run();
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
