// SPDX-License-Identifier: Apache-2.0

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * {@code batch.c} in Java, by the means that quotapolicy has: JNA's direct mapping, and the JDK's channels. What
 * quotapolicy takes beyond it is not Java's, but for what it does: understands addresses, has time limits, follows paths.
 *
 * <p>{@code Batch SOCKET DEVICE COMMAND...}: DEVICE is asked for each name, COMMAND starts the second process, which is
 * {@code Batch DEVICE} with the other end of a socketpair as its standard input. Every answer is DUNNO, so it is for a host
 * without quotas.
 */
final class Batch {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int Q_XGETQSTATV = 0x5808 << 8; // of users
  private static final int PASSWD = 64; // behind it the pointer that getpwnam_r sets, and at twice that the strings
  private static final int MOST = 60_000;
  private static final byte[] RECIPIENT = "\nrecipient=".getBytes(StandardCharsets.US_ASCII);

  static {
    Native.register(Batch.class, NativeLibrary.getProcess());
  }

  static native int socketpair(int domain, int type, int protocol, long ends);

  static native int dup2(int from, int to);

  static native long send(int fd, long bytes, long length, int flags);

  static native long recv(int fd, long bytes, long length, int flags);

  static native int getpwnam_r(long name, long passwd, long strings, long length, long found);

  static native int quotactl(int command, long device, int id, long to);

  private final ByteBuffer names = ByteBuffer.allocateDirect(MOST);
  private final ByteBuffer full = ByteBuffer.allocateDirect(MOST);
  private final ByteBuffer dunno =
      ByteBuffer.allocateDirect(14).put("action=DUNNO\n\n".getBytes(StandardCharsets.US_ASCII));
  private final List<Connection> asking = new ArrayList<>();

  private record Connection(SocketChannel channel, ByteBuffer bytes) {}

  public static void main(String... args) throws Exception {
    if (args.length == 1) {
      new Batch().lookUp(args[0]);
      return;
    }
    Memory ends = new Memory(8);
    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, Pointer.nativeValue(ends));
    dup2(ends.getInt(4), 0);
    List<String> command = new ArrayList<>(List.of(args).subList(2, args.length));
    command.add(args[1]);
    new ProcessBuilder(command).inheritIO().start();
    new Batch().serve(args[0], ends.getInt(0));
  }

  private static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  private void lookUp(String device) {
    Memory path = new Memory(device.length() + 1);
    path.setString(0, device);
    ByteBuffer struct = ByteBuffer.allocateDirect(8_192).order(ByteOrder.nativeOrder());
    long passwd = address(struct);
    for (long length = receive(0, names); length > 0; length = receive(0, names)) {
      full.clear();
      for (int at = 0; at < length; at = endOf(names, at) + 1) {
        getpwnam_r(address(names) + at, passwd, passwd + 2 * PASSWD, 4_096, passwd + PASSWD);
        if (struct.getLong(PASSWD) != 0) {
          struct.put(2 * PASSWD, (byte) 1); // FS_QSTATV_VERSION1
          quotactl(Q_XGETQSTATV, Pointer.nativeValue(path), 0, passwd + 2 * PASSWD);
        }
        full.put((byte) 0);
      }
      send(0, address(full), full.position(), 0);
    }
  }

  private static long receive(int fd, ByteBuffer into) {
    return recv(fd, address(into), into.capacity(), 0);
  }

  private static int endOf(ByteBuffer text, int from) {
    int end = from;
    while (text.get(end) != 0) {
      end++;
    }
    return end;
  }

  private void serve(String path, int second) throws IOException {
    Selector selector = Selector.open();
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(path), 4_096).configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    while (true) {
      selector.select();
      for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
        SelectionKey key = keys.next();
        keys.remove();
        if (key.isAcceptable()) {
          accept(listener, selector);
        } else {
          read((Connection) key.attachment());
        }
      }
      answer(second);
    }
  }

  private static void accept(ServerSocketChannel listener, Selector selector) throws IOException {
    for (SocketChannel next = listener.accept(); next != null; next = listener.accept()) {
      Connection connection = new Connection(next, ByteBuffer.allocateDirect(4_096));
      next.configureBlocking(false).register(selector, SelectionKey.OP_READ, connection);
    }
  }

  /** A request comes whole, from {@code load}; which may leave before the answer. */
  private void read(Connection from) throws IOException {
    ByteBuffer bytes = from.bytes().clear();
    if (!isDone(from, () -> from.channel().read(bytes))) {
      return;
    }
    for (int at = user(bytes.flip()); bytes.get(at) != '@'; at++) {
      names.put(bytes.get(at));
    }
    names.put((byte) 0);
    asking.add(from);
  }

  private interface Transfer {
    int bytes() throws IOException;
  }

  private static boolean isDone(Connection on, Transfer transfer) throws IOException {
    boolean isDone;
    try {
      isDone = transfer.bytes() > 0;
    } catch (IOException e) {
      isDone = false;
    }
    if (!isDone) {
      on.channel().close();
    }
    return isDone;
  }

  private static int user(ByteBuffer request) {
    int at = 0;
    int same = 0;
    while (same < RECIPIENT.length) {
      byte next = request.get(at++);
      if (next == RECIPIENT[same]) {
        same++;
      } else {
        same = next == '\n' ? 1 : 0;
      }
    }
    return at;
  }

  private void answer(int second) throws IOException {
    if (asking.isEmpty()) {
      return;
    }
    send(second, address(names), names.position(), 0);
    receive(second, full);
    names.clear();
    for (Connection next : asking) {
      var unused = isDone(next, () -> next.channel().write(dunno.rewind()));
    }
    asking.clear();
  }
}
