// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.PacketSocket;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.ToHelper;

/** A helper that is a child process with the other end of a packet socket as standard input. */
final class ProcessLink implements Link {
  private static final int LONGEST_GOODBYE_MS = 500;

  private final PacketSocket socket;
  private final Process process;
  private final NativeBuffer incoming = NativeBuffer.allocate(Packets.MAX_PACKET);
  private final NativeBuffer outgoing = NativeBuffer.allocate(Packets.MAX_PACKET);

  private ProcessLink(PacketSocket socket, Process process) {
    this.socket = socket;
    this.process = process;
    // With sudo in between, the helper itself may outlive the process; then it must end, too.
    var unused = process.onExit().thenRun(socket::shutdown);
  }

  /** Runs a command that gets a socket as standard input, and no environment. */
  static ProcessLink start(List<String> words) throws IOException {
    PacketSocket[] ends = PacketSocket.pair();
    try (PacketSocket childEnd = ends[1]) {
      return new ProcessLink(ends[0], start(words, childEnd));
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

  @Override
  public @Nullable ByteBuffer receive() throws IOException {
    return socket.receive(incoming) < 0 ? null : incoming.bytes();
  }

  @Override
  public boolean send(ToHelper packet) throws IOException {
    ByteBuffer bytes = outgoing.bytes().clear();
    Packets.encode(packet, bytes);
    bytes.flip();
    return socket.send(outgoing);
  }

  @Override
  public void shutdown() {
    socket.shutdown();
  }

  @Override
  public String close() {
    socket.close();
    try {
      if (process.waitFor(LONGEST_GOODBYE_MS, TimeUnit.MILLISECONDS)) {
        return "its process ended with status " + process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return "its process " + process.pid() + " did not end by itself";
  }
}
