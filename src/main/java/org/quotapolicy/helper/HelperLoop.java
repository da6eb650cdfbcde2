// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.NativeBuffer;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.kernel.PacketSocket;
import org.quotapolicy.kernel.Privileges;
import org.quotapolicy.wire.FromHelper;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Hello;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.FromHelper.Pong;
import org.quotapolicy.wire.MalformedPacketException;
import org.quotapolicy.wire.Packets;
import org.quotapolicy.wire.ToHelper;

/**
 * Serves the daemon: each thread receives a packet, validates it, looks up, and sends the answers.
 *
 * <p>What is asked in one packet is answered in one, unless a look-up is slow: then what is known
 * is sent before the next. One thread may not look up, so one is always there to answer a ping and
 * to say BUSY when all others wait for a name service that hangs.
 */
final class HelperLoop {
  static final int THREADS = 16;

  /** So old may the first answer of a packet be that is not sent yet, when another is known. */
  private static final long LONGEST_HOLD_NS = 5_000_000;

  private static final int OK = 0;
  private static final int EX_SOFTWARE = 70;
  private static final int EX_OSERR = 71;
  private static final int EX_PROTOCOL = 76;
  private static final int STILL_RUNNING = -1;

  private final PacketSocket daemon;
  private final QuotaLookup lookup;
  private final Gate lookups = new Gate(THREADS - 1);
  private final AtomicInteger status = new AtomicInteger(STILL_RUNNING);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch said = new CountDownLatch(1);

  HelperLoop(PacketSocket daemon, QuotaLookup lookup) {
    this.daemon = daemon;
    this.lookup = lookup;
  }

  /** Says HELLO and serves until a thread ends; returns the exit status of the process. */
  int run() throws InterruptedException {
    NativeBuffer packet = NativeBuffer.allocate(Packets.MAX_PACKET);
    try {
      put(new Hello(Packets.VERSION, Privileges.processId()), packet);
      send(packet);
    } catch (IOException e) {
      end(status(e), e.getMessage()); // so will the threads, at once
    }
    for (int i = 0; i < THREADS; i++) {
      new HelperThread("helper-" + i).start();
    }
    ended.await();
    var unused = said.await(Gate.PATIENCE_MS, TimeUnit.MILLISECONDS);
    return status.get();
  }

  /**
   * The first thread that ends decides, and ends all others. The daemon is told before anything is
   * said: standard error is the daemon's own, and may be a full pipe that nobody empties.
   */
  private void end(int exitStatus, @Nullable String reason) {
    if (status.compareAndSet(STILL_RUNNING, exitStatus)) {
      daemon.shutdown();
      ended.countDown();
      if (exitStatus != OK) {
        System.err.println("quotapolicy helper: " + reason);
      }
      said.countDown();
    }
  }

  private static int status(IOException failure) {
    return switch (failure instanceof NativeFailure call ? call.errno() : 0) {
      case ErrNo.EPIPE, ErrNo.ECONNRESET -> OK; // the daemon went away before it had its answer
      case ErrNo.EMSGSIZE -> EX_PROTOCOL; // it sent more than any packet has
      default -> EX_OSERR;
    };
  }

  private final class HelperThread extends Thread {
    /** First for the questions, and once these are read for the answers. */
    private final NativeBuffer packet = NativeBuffer.allocate(Packets.MAX_PACKET);

    HelperThread(String name) {
      super(name);
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        while (daemon.receive(packet) >= 0) {
          serve(Packets.decodeToHelper(packet.bytes()), packet);
        }
        end(OK, null);
      } catch (MalformedPacketException e) {
        end(EX_PROTOCOL, e.getMessage());
      } catch (IOException e) {
        end(status(e), e.getMessage());
      } catch (RuntimeException | Error e) {
        end(EX_SOFTWARE, e.toString());
      }
    }
  }

  private void serve(List<ToHelper> questions, NativeBuffer answers) throws IOException {
    answers.bytes().clear();
    if (questions.get(0) instanceof ToHelper.Ping ping) {
      put(new Pong(ping.number()), answers);
    } else if (lookups.enter()) {
      try {
        lookUp(questions, answers);
      } finally {
        lookups.leave();
      }
    } else {
      for (ToHelper question : questions) {
        put(new Answer(question.number(), new Outcome.Busy()), answers);
      }
    }
    send(answers);
  }

  private void lookUp(List<ToHelper> questions, NativeBuffer answers) throws IOException {
    lookup.begin();
    long begin = System.nanoTime();
    for (ToHelper question : questions) {
      if (answers.bytes().position() > 0 && System.nanoTime() - begin > LONGEST_HOLD_NS) {
        send(answers);
        lookup.begin();
        begin = System.nanoTime();
      }
      put(new Answer(question.number(), outcome(question)), answers);
    }
  }

  private Outcome outcome(ToHelper question) throws IOException {
    return question instanceof ToHelper.Lookup named
        ? lookup.byName(named.name(), named.scope())
        : lookup.next((ToHelper.Next) question);
  }

  /** Adds a message to the packet; if that has no room for it, sends what there is before. */
  private void put(FromHelper message, NativeBuffer packet) throws IOException {
    ByteBuffer bytes = packet.bytes();
    int before = bytes.position();
    try {
      Packets.encode(message, bytes);
    } catch (BufferOverflowException e) {
      bytes.position(before);
      send(packet);
      Packets.encode(message, bytes);
    }
  }

  /** Sends what is in the packet, and begins the next. */
  private void send(NativeBuffer packet) throws IOException {
    packet.bytes().flip();
    daemon.sendWaiting(packet);
    packet.bytes().clear();
  }
}
