// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;

/** One connection to the policy socket, as an smtpd process holds it. */
final class Policy implements AutoCloseable {
  /** Longer than any --timeout of the cases: silence fails the case, it does not hang it. */
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private final Duration patience;
  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(4096);

  Policy() {
    this(Daemon.SOCKET);
  }

  Policy(Path socket) {
    this(socket, PATIENCE);
  }

  /** One that waits that long for an answer. */
  Policy(Path socket, Duration patience) {
    this.patience = patience;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks on a connection of its own. */
  static Answer askOnce(String user, long size) {
    try (Policy policy = new Policy()) {
      return policy.ask(user, size);
    }
  }

  /** Asks about a recipient at RCPT; size 0 is undeclared. */
  Answer ask(String user, long size) {
    send(user, size);
    return receive();
  }

  /** Asks and does not wait. */
  void send(String user, long size) {
    String request =
        "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\n"
            + "client_address=192.0.2.1\nsender=sender@example.org\nrecipient="
            + (user + "@lab.example\nsize=" + size + "\ninstance=1.2.3\n\n");
    try {
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for one answer. */
  Answer receive() {
    buffer.clear();
    long deadline = System.nanoTime() + patience.toNanos();
    while (!text().endsWith("\n\n")) {
      waitForBytes(deadline);
    }
    return Answer.parse(text());
  }

  @Override
  public void close() {
    try {
      selector.close();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void waitForBytes(long deadline) {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    Assertions.assertTrue(left > 0, "no answer within " + patience);
    try {
      selector.select(left);
      selector.selectedKeys().clear();
      Assertions.assertTrue(channel.read(buffer) >= 0, "closed without an answer");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text() {
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  /** What an action says about the mailbox, given {@link Daemon#COULD_NOT_TELL}. */
  enum Verdict {
    ACCEPT,
    REFUSE,
    UNKNOWN
  }

  /** One answer, of which Postfix reads the text after {@code action=}. */
  record Answer(String action) {
    static Answer parse(String reply) {
      Assertions.assertTrue(
          reply.matches("action=[^\\r\\n]+\\n\\n"), () -> "not one answer: " + reply);
      return new Answer(reply.substring("action=".length()).strip());
    }

    Verdict verdict() {
      if (action.equals("DUNNO")) {
        return Verdict.ACCEPT;
      }
      if (action.equals(Daemon.COULD_NOT_TELL)) {
        return Verdict.UNKNOWN;
      }
      Assertions.assertTrue(action.startsWith("DEFER_IF_PERMIT 4.2.2 "), action);
      return Verdict.REFUSE;
    }
  }
}
