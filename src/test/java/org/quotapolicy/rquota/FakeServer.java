// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * A port mapper and an rquota service on the loopback, by UDP and TCP. What the service says is a
 * function of the call; so is what the port mapper says.
 */
final class FakeServer implements AutoCloseable {
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
  private final Map<Transport, Integer> ports = new EnumMap<>(Transport.class);

  /** All calls to the service, and to the port mapper, in their order. */
  final List<Request> asked = new CopyOnWriteArrayList<>();

  final List<Request> mapped = new CopyOnWriteArrayList<>();

  /** Where the port mapper is, by both transports. */
  final int mapperPort;

  /** What the service sends, whole and without record marks; nothing = silence. */
  volatile Function<Request, List<byte[]>> service = request -> List.of();

  /** Hears from which port a call comes by UDP. */
  volatile IntConsumer onUdp = port -> {};

  /** If it is set, what it does with a connection to the service that has called. */
  volatile Connection onTcp = this::answer;

  /** What is registered: 0 is not. */
  volatile Function<Transport, Integer> registered;

  /** What the port mapper sends. */
  volatile Function<Request, List<byte[]>> mapper;

  /** Something to do with a connection. */
  @FunctionalInterface
  interface Connection {
    void serve(Request request, Socket socket) throws IOException;
  }

  FakeServer() throws IOException {
    mapperPort = listen(this::map, (request, socket) -> write(socket, map(request)));
    ports.put(Transport.UDP, listenUdp(this::serve, 0));
    ports.put(Transport.TCP, listenTcp(this::serveTcp, 0));
    registered = by -> ports.getOrDefault(by, 0);
    mapper =
        request -> {
          Transport by =
              request.protocol() == Transport.UDP.protocol() ? Transport.UDP : Transport.TCP;
          return List.of(request.success(registered.apply(by)));
        };
  }

  /** The address that all this is at. */
  static InetAddress address() {
    return InetAddress.getLoopbackAddress();
  }

  int port(Transport by) {
    return ports.getOrDefault(by, 0);
  }

  /** The service comes back at another port by UDP; nobody listens at the old one. */
  void moveUdp() throws IOException {
    open.stream()
        .filter(s -> s instanceof DatagramSocket d && d.getLocalPort() == port(Transport.UDP))
        .forEach(FakeServer::close);
    ports.put(Transport.UDP, listenUdp(this::serve, 0));
  }

  @Override
  public void close() {
    open.forEach(FakeServer::close);
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<byte[]> map(Request request) {
    mapped.add(request);
    return mapper.apply(request);
  }

  private List<byte[]> serve(Request request) {
    asked.add(request);
    return service.apply(request);
  }

  private void serveTcp(Request request, Socket socket) throws IOException {
    asked.add(request);
    onTcp.serve(request, socket);
  }

  private void answer(Request request, Socket socket) throws IOException {
    write(socket, service.apply(request));
  }

  private static void write(Socket socket, List<byte[]> records) throws IOException {
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    for (byte[] bytes : records) {
      out.writeInt(0x8000_0000 | bytes.length);
      out.write(bytes);
    }
  }

  /** The same port by both transports. */
  private int listen(Function<Request, List<byte[]>> udp, Connection tcp) throws IOException {
    for (int i = 0; i < 20; i++) {
      int port = listenUdp(udp, 0);
      try {
        return listenTcp(tcp, port);
      } catch (IOException e) {
        // Somebody has it by TCP.
      }
    }
    throw new IOException("no port that is free by both");
  }

  private int listenUdp(Function<Request, List<byte[]>> script, int port) throws IOException {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address(), port));
    open.add(socket);
    start(() -> receive(socket, script));
    return socket.getLocalPort();
  }

  private void receive(DatagramSocket socket, Function<Request, List<byte[]>> script) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        onUdp.accept(packet.getPort());
        byte[] bytes = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
        for (byte[] reply : script.apply(Request.read(Transport.UDP, bytes))) {
          socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private int listenTcp(Connection script, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(address(), port));
    open.add(socket);
    start(() -> accept(socket, script));
    return socket.getLocalPort();
  }

  private void accept(ServerSocket listener, Connection script) {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        start(() -> converse(socket, script));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private static void converse(Socket socket, Connection script) {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] message = new byte[in.readInt() & Integer.MAX_VALUE];
      in.readFully(message);
      script.serve(Request.read(Transport.TCP, message), socket);
      in.read(); // until the other side closes it
    } catch (IOException | UncheckedIOException e) {
      // It is closed.
    }
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "fake server");
    thread.setDaemon(true);
    thread.start();
  }
}
