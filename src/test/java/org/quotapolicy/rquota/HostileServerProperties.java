// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.rquota.GetQuota.Status;

/** Whatever bytes a server sends: one answer in time, and the next question is as good as ever. */
class HostileServerProperties {
  private static final int REPLIES = 200_000;
  private static final int QUESTIONS = 400;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  HostileServerProperties() {
    System.out.println("HostileServerProperties: seed " + seed);
  }

  /** Nothing but MalformedReplyException comes out, and no numbers that there cannot be. */
  @Test
  void randomReply_read_isAReplyOrMalformed() {
    Procedure<Status> procedure =
        GetQuota.of(
            2, "/home", org.quotapolicy.quota.QuotaType.USER, 1, new Credentials("m", 1, 1));
    int understood = 0;
    for (int i = 0; i < REPLIES; i++) {
      try {
        RpcReply<Status> reply =
            RpcReply.read(ByteBuffer.wrap(bytes(request())), procedure.result());
        understood++;
        if (reply instanceof RpcReply.Success<Status> s && s.result() instanceof Status.Ok ok) {
          assertTrue(ok.numbers().space().hardLimit() >= 0, "seed " + seed);
          assertTrue(ok.numbers().space().usage() >= 0, "seed " + seed);
          assertTrue(ok.numbers().space().graceExpiry() >= 0, "seed " + seed);
        }
      } catch (MalformedReplyException e) {
        // As it should be.
      }
    }
    assertTrue(understood > REPLIES / 50, understood + " of them were replies, seed " + seed);
  }

  @Test
  void randomRecord_inRandomPieces_endsAndIsBounded() {
    for (int i = 0; i < REPLIES / 10; i++) {
      MarkedRecord record = new MarkedRecord();
      try {
        ByteBuffer whole = null;
        for (int turn = 0; turn < 3_000 && whole == null; turn++) {
          byte[] piece = new byte[Math.min(1 + random.nextInt(40), record.space().remaining())];
          assertTrue(piece.length > 0, "full, and neither whole nor malformed; seed " + seed);
          mostlyZero(piece);
          record.space().put(piece);
          whole = record.whole();
        }
        assertTrue(whole != null && whole.remaining() <= RpcReply.LONGEST, "seed " + seed);
      } catch (MalformedReplyException e) {
        // As it should be.
      }
    }
  }

  /** Small numbers, as lengths of fragments, are what leads far. */
  private void mostlyZero(byte[] bytes) {
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = random.nextInt(4) == 0 ? bytes[i] : 0;
    }
  }

  @Test
  void server_ofRandomBytes_costsTimeOnly() throws IOException {
    try (FakeServer server = new FakeServer()) {
      RquotaSettings settings =
          RquotaSettings.DEFAULT.withTimeout(Duration.ofMillis(300)).withCacheLife(Duration.ZERO);
      server.service = request -> random.nextInt(3) == 0 ? List.of() : List.of(bytes(request));
      server.onTcp = this::stream;
      server.mapper =
          request -> List.of(random.nextInt(4) == 0 ? bytes(request) : port(server, request));
      try (Asked client = Asked.with(server, settings)) {
        askAll(client);
        assertEquals(List.of(), client.log.stream().filter(l -> l.contains("Exception")).toList());
      }
      server.service = request -> List.of(request.ok(100, 50, 7));
      try (Asked fresh = Asked.with(server, settings)) {
        server.mapper = request -> List.of(port(server, request));
        assertEquals(QuotaState.ENFORCED, fresh.ask().user().state());
      }
    }
  }

  private void askAll(Asked client) {
    List<Asked.Pending> all = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      // Each its own name of the server would be better; the breaker opens soon, and that is life.
      all.add(client.begin(Asked.export("/e" + i, i % 2 == 0), i, i, Duration.ofSeconds(5)));
      if (i % 8 == 0) {
        all.get(i).get();
      }
    }
    for (Asked.Pending pending : all) {
      if (!pending.answers().isEmpty()) {
        Asked.Told told = pending.get();
        assertTrue(told.took().toMillis() < 2_000, () -> told + ", seed " + seed);
        for (Quota quota : told.quotas().quotas()) {
          assertTrue(quota.state() != QuotaState.FAILED || told.quotas().trouble().isPresent());
        }
      }
      pending.assertToldOnce();
    }
  }

  private static byte[] port(FakeServer server, Request request) {
    Transport by = request.protocol() == Transport.UDP.protocol() ? Transport.UDP : Transport.TCP;
    return request.success(server.port(by));
  }

  private synchronized void stream(Request request, Socket socket) throws IOException {
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    byte[] bytes = bytes(request);
    out.writeInt(random.nextInt(3) == 0 ? random.nextInt() : 0x8000_0000 | bytes.length);
    out.write(bytes);
    if (random.nextBoolean()) {
      socket.close();
    }
  }

  private static Request request() {
    return new Request(Transport.UDP, 7, GetQuota.PROGRAM, 2, 1, 1, 1, "/home", 0, 1, 0);
  }

  /** A true reply, damaged: some numbers are others, the end is missing, or something follows. */
  private synchronized byte[] bytes(Request request) {
    byte[] reply =
        switch (random.nextInt(6)) {
          case 0 -> request.noQuota();
          case 1 -> request.accepted(random.nextInt(8), random.nextInt(4), random.nextInt(4));
          case 2 -> request.denied(random.nextInt(8));
          case 3 -> new byte[random.nextInt(1_400)];
          default -> request.ok(100, 50, 7);
        };
    for (int i = random.nextInt(3); i > 0 && reply.length > 8; i--) {
      int at = 4 + random.nextInt(reply.length / 4 - 1) * 4;
      ByteBuffer.wrap(reply)
          .putInt(at, random.nextBoolean() ? random.nextInt(8) : random.nextInt());
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(reply, random.nextInt(reply.length + 64)) : reply;
  }
}
