// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The control socket: who may open it sends one word and a line feed, and gets one report.
 *
 * <p>Nothing can be changed by it. One thread serves one client after the other, each for a second
 * at most; neither can keep anybody waiting for an answer of the policy socket.
 */
public final class ControlSocket implements Closeable {
  private static final Duration TIME = Duration.ofSeconds(1);
  private static final int MAX_COMMAND = 1_024;

  private final PolicySocket socket;
  private final Map<String, Supplier<String>> reports;
  private final Log log;

  private ControlSocket(PolicySocket socket, Map<String, Supplier<String>> reports, Log log) {
    this.socket = socket;
    this.reports = Map.copyOf(reports);
    this.log = log;
  }

  /**
   * Opens it and begins to serve.
   *
   * @param reports each by the line that asks for it
   */
  public static ControlSocket open(
      Path path, int mode, OptionalLong gid, Map<String, Supplier<String>> reports, Log log)
      throws IOException {
    PolicySocket socket = bind(path, mode, gid);
    ControlSocket control = new ControlSocket(socket, reports, log);
    Thread thread = new Thread(control::serve, "control socket");
    thread.setDaemon(true);
    thread.start();
    return control;
  }

  private static PolicySocket bind(Path path, int mode, OptionalLong gid) throws IOException {
    try {
      return PolicySocket.bind(path, mode, gid, Transport.JDK);
    } catch (IOException e) {
      throw new IOException(String.valueOf(e.getMessage()).replaceFirst("^policy", "control"), e);
    }
  }

  private void serve() {
    try {
      while (true) {
        try (SocketChannel client = socket.channel().accept()) {
          serve(client);
        } catch (ClosedChannelException e) {
          return;
        } catch (IOException e) {
          // The client has gone, or no descriptor is left; the latter would come at once again.
          Thread.sleep(TIME.toMillis() / 10);
        } catch (RuntimeException e) {
          log.limited("control", "control socket: " + e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(SocketChannel client) throws IOException {
    long deadline = System.nanoTime() + TIME.toNanos();
    client.configureBlocking(false);
    try (Selector selector = client.provider().openSelector()) {
      SelectionKey key = client.register(selector, SelectionKey.OP_READ);
      Supplier<String> report = reports.get(command(client, selector, deadline));
      if (report != null) {
        key.interestOps(SelectionKey.OP_WRITE);
        send(client, report.get(), selector, deadline);
      }
    }
  }

  /** The first line; without its end if it is too long, or does not come in time. */
  private static String command(SocketChannel client, Selector selector, long deadline)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_COMMAND);
    while (bytes.hasRemaining() && isReady(selector, deadline) && client.read(bytes) >= 0) {
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
      if (text.indexOf('\n') >= 0) {
        return text.lines().findFirst().orElse("");
      }
    }
    return "";
  }

  private static void send(SocketChannel client, String text, Selector selector, long deadline)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining() && isReady(selector, deadline)) {
      client.write(bytes);
    }
  }

  private static boolean isReady(Selector selector, long deadline) throws IOException {
    long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    if (left <= 0) {
      return false;
    }
    selector.select(left);
    selector.selectedKeys().clear();
    return true;
  }

  /** Ends it and removes its file. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
