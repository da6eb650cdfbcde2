// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.kernel.PacketSocket;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.ToHelper;

/**
 * One helper that was started, and the way to it: a child process, with the other end of a packet
 * socket as its standard input. One thread receives; one at a time sends.
 */
final class Link {
  /** What to say of a helper about whose end nothing else is known. */
  static final String ENDED = "it ended";

  private static final int LONGEST_GOODBYE_MS = 500;

  private final PacketSocket socket;
  private final Process process;
  private final NativeBuffer incoming = NativeBuffer.allocate(Packets.MAX_PACKET);
  private final NativeBuffer outgoing = NativeBuffer.allocate(Packets.MAX_PACKET);

  Link(PacketSocket socket, Process process) {
    this.socket = socket;
    this.process = process;
    // With sudo in between, the helper itself may outlive the process; then it must end, too.
    var unused = process.onExit().thenRun(socket::shutdown);
  }

  /** Runs a command that gets a socket as standard input, and no environment. */
  static Link start(List<String> words) throws IOException {
    PacketSocket[] ends = PacketSocket.pair();
    try (PacketSocket childEnd = ends[1]) {
      return new Link(ends[0], start(words, childEnd));
    } catch (IOException e) {
      ends[0].close();
      throw e;
    }
  }

  private static Process start(List<String> words, PacketSocket childEnd) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(new File("/"))
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    try {
      return childEnd.asStandardInputDuring(builder::start);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Waits for a packet, which is valid until the next call; null when there will be no more. */
  @Nullable ByteBuffer receive() throws NativeFailure {
    return socket.receive(incoming) < 0 ? null : incoming.bytes();
  }

  /** Sends one packet of these messages without waiting; false if the queue is full. */
  boolean send(List<ToHelper> messages) throws NativeFailure {
    ByteBuffer bytes = outgoing.bytes().clear();
    for (ToHelper message : messages) {
      Packets.encode(message, bytes);
    }
    bytes.flip();
    return socket.send(outgoing);
  }

  /** Makes receive() return null, once what has come is read, and the helper end. */
  void shutdown() {
    socket.shutdown();
  }

  /**
   * Frees the socket and sees the helper off. One that is root cannot be killed; it ends when it
   * reads end of file.
   *
   * @return how it ended, for the log
   */
  String close() {
    socket.close();
    try {
      if (process.waitFor(LONGEST_GOODBYE_MS, TimeUnit.MILLISECONDS)) {
        return "its process exited with status " + process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return "its process " + process.pid() + " did not end by itself";
  }
}
