// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.PacketSocket;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.wire.FromHelper;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Hello;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.FromHelper.Pong;
import org.quotapolicy.wire.MalformedPacketException;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.ToHelper;
import org.quotapolicy.wire.ToHelper.Lookup;

/** The helper's side of a real packet socket, played by a script on a thread. */
final class FakeHelper {
  private final PacketSocket socket;
  private final NativeBuffer in = NativeBuffer.allocate(Packets.MAX_PACKET);
  private final NativeBuffer out = NativeBuffer.allocate(Packets.MAX_PACKET);

  /** What came in the last packet and is still to be looked at. */
  private final Deque<ToHelper> received = new ArrayDeque<>();

  FakeHelper(PacketSocket socket) {
    this.socket = socket;
  }

  /** What a helper does; it ends when the script ends. */
  @FunctionalInterface
  interface Script {
    void play(FakeHelper helper) throws IOException, InterruptedException;
  }

  /** Does all that a helper should, until end of file. */
  static void behave(FakeHelper helper) throws IOException {
    helper.hello();
    helper.serve();
  }

  void serve() throws IOException {
    for (ToHelper packet = next(); packet != null; packet = next()) {
      answer(packet);
    }
  }

  void hello() throws IOException {
    say(new Hello(Packets.VERSION, 4711));
  }

  /** The next message; null at the end. */
  @Nullable ToHelper next() throws IOException {
    try {
      if (received.isEmpty() && socket.receive(in) >= 0) {
        received.addAll(Packets.decodeToHelper(in.bytes()));
      }
      return received.poll();
    } catch (MalformedPacketException e) {
      throw new AssertionError(e);
    }
  }

  void answer(@Nullable ToHelper packet) throws IOException {
    if (packet instanceof Lookup lookup) {
      say(new Answer(lookup.number(), outcome(lookup.name())));
    } else if (packet != null) {
      say(new Pong(packet.number()));
    }
  }

  void say(FromHelper packet) throws IOException {
    out.bytes().clear();
    Packets.encode(packet, out.bytes());
    out.bytes().flip();
    socket.sendWaiting(out);
  }

  void babble(byte... bytes) throws IOException {
    out.bytes().clear().put(bytes).flip();
    socket.sendWaiting(out);
  }

  /** More in one packet than any has. */
  void babbleTooMuch() throws IOException {
    socket.sendWaiting(NativeBuffer.allocate(Packets.MAX_PACKET + 1));
  }

  /** The user {@code uN} has the uid N; {@code nobody}, {@code busy} and {@code failed} are so. */
  private static Outcome outcome(String name) {
    return switch (name) {
      case "nobody" -> new Outcome.NoUser();
      case "busy" -> new Outcome.Busy();
      case "failed" -> new Outcome.Failed(Outcome.Stage.NAME_SERVICE, 5);
      default -> new Outcome.Found(user(Long.parseLong(name.substring(1))));
    };
  }

  static UserQuotas user(long uid) {
    return new UserQuotas(uid, 100, "/home/u" + uid, List.of());
  }
}
