// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** A server on a socket of its own, on a thread of its own. */
final class TestServer implements AutoCloseable {
  /** Nothing ends by time. */
  static final Limits PATIENT =
      new Limits(
          5_000,
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5));

  private final Path path;
  private final PolicyServers server;
  private final Thread thread;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Statistics statistics = new Statistics();
  private final Log log = new Log(written, System::nanoTime);

  TestServer(Path directory, Transport transport, Limits limits, RequestHandler handler)
      throws IOException {
    this(directory, transport, limits, Integer.MAX_VALUE, handler);
  }

  /** With a bound for connections that hold a part of a request. */
  TestServer(
      Path directory, Transport transport, Limits limits, int mostParts, RequestHandler handler)
      throws IOException {
    path = directory.resolve("policy");
    Room room = new Room(limits.connections(), mostParts, statistics);
    PolicySocket socket = PolicySocket.bind(path, 0600, OptionalLong.empty(), transport);
    server = new PolicyServers(List.of(socket), handler, limits, room, statistics, log);
    thread = new Thread(this::run, "policy server");
    thread.start();
  }

  private void run() {
    try {
      server.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PolicyServers server() {
    return server;
  }

  Path path() {
    return path;
  }

  Statistics statistics() {
    return statistics;
  }

  String log() {
    log.flush();
    return written.toString(StandardCharsets.UTF_8);
  }

  /** Waits until the log has a text. */
  void awaitLog(String text) throws InterruptedException {
    while (!log().contains(text)) {
      Thread.sleep(2);
    }
  }

  Client connect() throws IOException {
    return new Client(path);
  }

  @Override
  public void close() {
    server.stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
