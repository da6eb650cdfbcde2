// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * What the service manager is told, one datagram for each notice: nothing, if it did not ask.
 *
 * <p>Never waits: a notice that has no room is lost, and the next one says how things are then. It
 * does not matter which user sends it, as the manager goes by the process. Thread-safe. Source:
 * sd_notify(3).
 */
final class ServiceNotices {
  /** Nobody is told anything. */
  static final ServiceNotices NONE = new ServiceNotices(Optional.empty(), null, true);

  private final Optional<SocketAddress> manager;
  private final @Nullable DatagramChannel channel;
  private final boolean isMet;

  private ServiceNotices(
      Optional<SocketAddress> manager, @Nullable DatagramChannel channel, boolean isMet) {
    this.manager = manager;
    this.channel = channel;
    this.isMet = isMet;
  }

  /**
   * To whom the environment says.
   *
   * @throws IOException if NOTIFY_SOCKET names nothing that notices can be sent to
   */
  static ServiceNotices of(Map<String, String> environment) throws IOException {
    String socket = environment.get("NOTIFY_SOCKET");
    if (socket == null || socket.isEmpty()) {
      return NONE;
    }
    DatagramChannel channel = AFUNIXDatagramChannel.open();
    channel.configureBlocking(false);
    SocketAddress address = address(socket);
    return new ServiceNotices(Optional.of(address), channel, connect(channel, address));
  }

  /** Now: where start-stop-daemon(8) has its socket, only root can go. */
  private static boolean connect(DatagramChannel channel, SocketAddress address) {
    try {
      channel.connect(address);
      return true;
    } catch (IOException e) {
      return false; // perhaps somebody is there later
    }
  }

  /** "@" stands for the NUL that an abstract name begins with, unix(7). */
  private static SocketAddress address(String socket) throws IOException {
    return socket.startsWith("@")
        ? AFUNIXSocketAddress.inAbstractNamespace(socket.substring(1))
        : AFUNIXSocketAddress.of(Path.of(socket));
  }

  /** Whether there is a manager whom nobody found yet. */
  boolean isStillToMeet() {
    return !isMet;
  }

  /** It has started, or has read its configuration again. */
  void ready(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /** It reads its configuration again; {@link #ready} says that this is over. */
  void reloading() {
    long now = TimeUnit.NANOSECONDS.toMicros(System.nanoTime()); // CLOCK_MONOTONIC
    send("RELOADING=1\nMONOTONIC_USEC=" + now);
  }

  /** How it is doing, in a line. */
  void status(String status) {
    send("STATUS=" + status);
  }

  /** It ends. */
  void stopping() {
    send("STOPPING=1\nSTATUS=ending");
  }

  /** It can still do its work. */
  void alive() {
    send("WATCHDOG=1");
  }

  private void send(String notice) {
    if (channel == null || manager.isEmpty()) {
      return;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(notice.getBytes(StandardCharsets.UTF_8));
      if (channel.isConnected()) {
        channel.write(bytes);
      } else {
        channel.send(bytes, manager.get());
      }
    } catch (IOException | NotYetConnectedException e) {
      // Whoever would have to be told is the one who cannot be.
    }
  }
}
