// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Asks a running daemon as Postfix does, and shows what Postfix would be told.
 *
 * <p>With the JDK's own Unix sockets, which start quicker than a library's.
 */
final class PolicyQuestion {
  private static final int MAX_REPLY = 4096;

  private final Path socket;
  private final Duration timeout;

  PolicyQuestion(Path socket, Duration timeout) {
    this.socket = socket;
    this.timeout = timeout;
  }

  /** Prints the raw answer; returns the exit status. */
  int ask(String recipient, long size, boolean json, PrintWriter out, PrintWriter err) {
    try {
      String answer = answer(request(recipient, size));
      out.println(json ? json(recipient, answer) : answer);
      out.flush();
      return status(answer);
    } catch (AsynchronousCloseException e) {
      err.println(
          "quotapolicy: fatal: " + socket + ": no answer within " + timeout.toSeconds() + " s");
    } catch (IOException e) {
      err.println("quotapolicy: fatal: " + socket + ": " + e.getMessage());
    }
    return ExitStatus.COULD_NOT_TELL;
  }

  /** What smtpd sends at RCPT, as far as it matters here. Source: SMTPD_POLICY_README. */
  static String request(String recipient, long size) {
    return "request=smtpd_access_policy\n"
        + "protocol_state=RCPT\n"
        + "protocol_name=ESMTP\n"
        + "client_address=127.0.0.1\n"
        + "client_name=localhost\n"
        + "sender=\n"
        + "recipient="
        + recipient
        + "\nrecipient_count=0\n"
        + "instance=quotapolicy.check\n"
        + "size="
        + Long.toUnsignedString(size)
        + "\n\n";
  }

  private String answer(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      Thread watchdog = new Thread(() -> closeLater(channel), "watchdog");
      watchdog.setDaemon(true);
      watchdog.start();
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return firstLine(channel);
    }
  }

  private void closeLater(SocketChannel channel) {
    try {
      Thread.sleep(timeout.toMillis());
      channel.close();
    } catch (InterruptedException | IOException e) {
      // The process is ending, or there is nothing left to close.
    }
  }

  private static String firstLine(SocketChannel channel) throws IOException {
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(MAX_REPLY);
    while (reply.size() < MAX_REPLY) {
      if (channel.read(buffer.clear()) < 0) {
        throw new IOException("the daemon closed the connection without a whole answer");
      }
      reply.write(buffer.array(), 0, buffer.position());
      String text = reply.toString(StandardCharsets.UTF_8);
      if (text.endsWith("\n\n")) {
        return text.substring(0, text.indexOf('\n'));
      }
    }
    throw new IOException("the answer is too long for one of a policy service");
  }

  private static int status(String answer) {
    if (answer.equals("action=DUNNO")) {
      return ExitStatus.OK;
    }
    return answer.matches("action=(DEFER|REJECT|[45][0-9][0-9]).*")
        ? ExitStatus.FAILURE
        : ExitStatus.COULD_NOT_TELL;
  }

  private static String json(String recipient, String answer) {
    String action = answer.startsWith("action=") ? answer.substring("action=".length()) : answer;
    return JsonWriter.string()
        .object()
        .value("recipient", recipient)
        .value("action", action)
        .end()
        .done();
  }
}
