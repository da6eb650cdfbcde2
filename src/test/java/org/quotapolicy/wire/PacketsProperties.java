// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Hello;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.FromHelper.Outcome.Stage;
import org.quotapolicy.wire.FromHelper.Pong;
import org.quotapolicy.wire.ToHelper.Lookup;
import org.quotapolicy.wire.ToHelper.Next;
import org.quotapolicy.wire.ToHelper.Ping;

class PacketsProperties {
  private static final int CASES = 20_000;
  private static final List<QuotaType> TYPES = List.of(QuotaType.values());
  private static final List<QuotaState> STATES = List.of(QuotaState.values());

  private static final List<Stage> STAGES = List.of(Stage.values());

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  PacketsProperties() {
    System.out.println("PacketsProperties: seed " + seed);
  }

  @Test
  void randomPacket_thereAndBack_isTheSame() throws MalformedPacketException {
    for (int i = 0; i < CASES; i++) {
      List<ToHelper> questions = questions();
      assertEquals(questions, Packets.decodeToHelper(encoded(questions)), "seed " + seed);
      List<FromHelper> answers = answers();
      assertEquals(answers, Packets.decodeFromHelper(encodedFrom(answers)), "seed " + seed);
    }
  }

  /** What decodes encodes to the same bytes, and nothing but MalformedPacketException comes out. */
  @Test
  void randomBytes_decoded_areThePacketOrMalformed() {
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = (byte) "HLNPpA".charAt(random.nextInt(6));
      }
      assertStrict(bytes);
    }
  }

  @Test
  void damagedPacket_decoded_isAnotherPacketOrMalformed() {
    for (int i = 0; i < CASES; i++) {
      ByteBuffer whole = random.nextBoolean() ? encoded(questions()) : encodedFrom(answers());
      byte[] bytes = new byte[Math.max(1, whole.remaining() + random.nextInt(-1, 2))];
      whole.get(bytes, 0, Math.min(whole.remaining(), bytes.length));
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      assertStrict(bytes);
    }
  }

  private void assertStrict(byte[] bytes) {
    try {
      assertEquals(
          ByteBuffer.wrap(bytes),
          encoded(Packets.decodeToHelper(ByteBuffer.wrap(bytes))),
          "seed " + seed);
    } catch (MalformedPacketException e) {
      assertTrue(e.getMessage() != null);
    }
    try {
      assertEquals(
          ByteBuffer.wrap(bytes),
          encodedFrom(Packets.decodeFromHelper(ByteBuffer.wrap(bytes))),
          "seed " + seed);
    } catch (MalformedPacketException e) {
      assertTrue(e.getMessage() != null);
    }
  }

  private List<ToHelper> questions() {
    return switch (random.nextInt(4)) {
      case 0 -> List.of(new Ping(random.nextInt()));
      case 1 ->
          List.of(new Next(random.nextInt(), random.nextInt(), random.nextInt(), type(), id()));
      default -> IntStream.rangeClosed(0, random.nextInt(4)).mapToObj(i -> lookup()).toList();
    };
  }

  private ToHelper lookup() {
    return new Lookup(random.nextInt(), scope(), name());
  }

  private Scope scope() {
    return switch (random.nextInt(3)) {
      case 0 -> new Scope.Home();
      case 1 -> new Scope.Device(random.nextInt(), random.nextInt(), project(), id());
      default -> new Scope.All();
    };
  }

  private Project project() {
    return switch (random.nextInt(3)) {
      case 0 -> new Project.Unnamed();
      case 1 -> new Project.Numbered(Integer.toUnsignedLong(random.nextInt()));
      default -> new Project.OfInode(random.nextLong());
    };
  }

  private String name() {
    String name = text(1, 1 + random.nextInt(Packets.MAX_NAME));
    return name.replace('\n', 'n').replace('/', 's').replace(':', 'c');
  }

  private List<FromHelper> answers() {
    return switch (random.nextInt(6)) {
      case 0 -> List.of(new Hello(random.nextInt(65536), random.nextInt()));
      case 1 -> List.of(new Pong(random.nextInt()));
      default -> IntStream.rangeClosed(0, random.nextInt(4)).mapToObj(i -> answer()).toList();
    };
  }

  private FromHelper answer() {
    return new Answer(random.nextInt(), outcome());
  }

  private Outcome outcome() {
    return switch (random.nextInt(7)) {
      case 0 -> new Outcome.NoUser();
      case 1 -> new Outcome.Failed(STAGES.get(random.nextInt(STAGES.size())), random.nextInt());
      case 2 -> new Outcome.Busy();
      case 3 -> new Outcome.Listed(page());
      default -> new Outcome.Found(user());
    };
  }

  private QuotaPage page() {
    QuotaType type = type();
    List<Quota> quotas =
        random
            .longs(random.nextInt(4), 0, QuotaPage.END)
            .sorted()
            .distinct()
            .mapToObj(id -> new Quota(type, id, QuotaState.ENFORCED, 0, resource(), resource()))
            .toList();
    return new QuotaPage(type, QuotaState.ENFORCED, random.nextInt(), quotas, QuotaPage.END);
  }

  private QuotaType type() {
    return TYPES.get(random.nextInt(TYPES.size()));
  }

  private UserQuotas user() {
    String home = text(0, random.nextInt(random.nextInt(20) == 0 ? UserQuotas.MAX_HOME + 1 : 40));
    return new UserQuotas(id(), id(), home, filesystems());
  }

  private List<FilesystemQuotas> filesystems() {
    int first = random.nextInt();
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(i -> new FilesystemQuotas(random.nextInt(), first + i, quotas()))
        .toList();
  }

  private List<Quota> quotas() {
    return TYPES.stream().filter(type -> random.nextBoolean()).map(this::quota).toList();
  }

  private Quota quota(QuotaType type) {
    return new Quota(
        type,
        id(),
        STATES.get(random.nextInt(STATES.size())),
        random.nextInt(),
        resource(),
        resource());
  }

  private ResourceQuota resource() {
    return new ResourceQuota(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private long id() {
    return Integer.toUnsignedLong(random.nextInt());
  }

  private String text(int lowest, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(lowest, 256));
    }
    return text.toString();
  }

  private static ByteBuffer encoded(List<ToHelper> messages) {
    ByteBuffer out = ByteBuffer.allocate(Packets.MAX_PACKET);
    messages.forEach(message -> Packets.encode(message, out));
    return out.flip();
  }

  private static ByteBuffer encodedFrom(List<FromHelper> messages) {
    ByteBuffer out = ByteBuffer.allocate(Packets.MAX_PACKET);
    messages.forEach(message -> Packets.encode(message, out));
    return out.flip();
  }
}
