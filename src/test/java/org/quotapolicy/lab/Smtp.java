// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assertions;

/** One SMTP session, for what swaks(1) does not do: several recipients and mails, and time. */
final class Smtp implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader in;

  Smtp() {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), 25);
      socket.setSoTimeout(180_000);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Assertions.assertTrue(reply().startsWith("220 "));
    Assertions.assertTrue(say("EHLO client.example").startsWith("250"));
  }

  /** Sends one line; returns the last line of the reply. */
  String say(String line) {
    try {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends one line that must be accepted. */
  void must(String line) {
    String reply = say(line);
    Assertions.assertTrue(reply.matches("[23]\\d\\d .*"), () -> line + ": " + reply);
  }

  @Override
  public void close() {
    try {
      say("QUIT");
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String reply() {
    try {
      String line = in.readLine();
      while (line != null && line.startsWith("-", 3)) {
        line = in.readLine();
      }
      return String.valueOf(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
