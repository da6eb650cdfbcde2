// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.server.Endpoint;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.PolicySocket;
import org.quotapolicy.server.TcpSocket;

/** What the daemon listens on: the policy socket, its own or a service manager's, and TCP. */
final class Sockets {
  private final DaemonConfig config;
  private final OptionalInt passed;
  private final boolean modeIsGiven;
  private final Log log;
  private volatile Path listening;
  private volatile @Nullable PolicySocket policySocket;

  /**
   * Sockets that are not open yet.
   *
   * @param passed descriptor of the policy socket that a service manager keeps
   * @param modeIsGiven whether the socket's mode is more than a default
   */
  Sockets(DaemonConfig config, OptionalInt passed, boolean modeIsGiven, Log log) {
    this.config = config;
    this.passed = passed;
    this.modeIsGiven = modeIsGiven;
    this.log = log;
    this.listening = config.socket();
  }

  /** Makes sure that there are directories for the files that this daemon makes. */
  void requireDirectories() throws IOException {
    if (passed.isEmpty()) {
      requireDirectory(config.socket());
      requireDirectory(config.pidFile());
    }
  }

  private static void requireDirectory(Path file) throws IOException {
    Path directory = Objects.requireNonNull(file.getParent());
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "no such directory: "
              + directory
              + "; create it for the daemon's user: install -d -o quotapolicy -g postfix -m 750 "
              + directory);
    }
  }

  /** A service manager that keeps the socket also sees to it that there is one daemon only. */
  Closeable takePidFile() throws IOException {
    return passed.isPresent()
        ? () -> {}
        : PidFile.take(config.pidFile(), () -> PolicySocket.requireVacant(config.socket()));
  }

  /**
   * Opens all.
   *
   * @param gid group of the policy socket
   */
  List<Endpoint> open(OptionalLong gid) throws IOException {
    List<Endpoint> endpoints = new ArrayList<>();
    try {
      endpoints.add(policySocket(gid));
      for (InetSocketAddress address : config.tcp().listen()) {
        endpoints.add(TcpSocket.bind(address, config.tcp()::admits));
      }
      return endpoints;
    } catch (IOException e) {
      for (Endpoint endpoint : endpoints) {
        endpoint.close();
      }
      throw e;
    }
  }

  /** Whether Postfix finds the policy socket where it looks, once it is open. */
  boolean isInPlace() {
    PolicySocket socket = policySocket;
    return socket == null || socket.isInPlace();
  }

  private PolicySocket policySocket(OptionalLong gid) throws IOException {
    PolicySocket socket =
        passed.isPresent()
            ? adopt(passed.getAsInt(), gid)
            : PolicySocket.bind(config.socket(), config.socketMode(), gid);
    policySocket = socket;
    return socket;
  }

  private PolicySocket adopt(int descriptor, OptionalLong gid) throws IOException {
    PolicySocket socket = PolicySocket.adopt(descriptor);
    listening = socket.path();
    if (!listening.equals(config.socket())) {
      log.warning(
          "listening on "
              + listening
              + ", which the service manager passed, and not on "
              + config.socket()
              + ": make ListenStream= of quotapolicy.socket and the settings homedir and socketfile"
              + " agree");
    }
    if (Files.exists(listening) && isForOthers(listening, gid)) {
      log.warning(
          "socket-mode and socket-group do nothing: the service manager made "
              + listening
              + ", and SocketMode= and SocketGroup= of quotapolicy.socket say who may connect");
    }
    return socket;
  }

  /** Whether its mode or its group is another than was asked for. */
  private boolean isForOthers(Path file, OptionalLong gid) throws IOException {
    int mode = (Integer) Files.getAttribute(file, "unix:mode") & 0777;
    long group = Integer.toUnsignedLong((Integer) Files.getAttribute(file, "unix:gid"));
    return (modeIsGiven && mode != config.socketMode())
        || (gid.isPresent() && group != gid.getAsLong());
  }

  /** Where they are, for people. */
  @Override
  public String toString() {
    Stream<String> tcp = config.tcp().listen().stream().map(TcpSocket::name);
    return Stream.concat(Stream.of(listening.toString()), tcp).collect(Collectors.joining(", "));
  }
}
