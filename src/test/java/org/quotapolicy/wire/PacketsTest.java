// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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

class PacketsTest {
  private static final String LOOKUP_BYTES = "4c 00000001 02 0000000000000000 01 61";
  private static final String NEXT_BYTES = "4e 00000003 00000008 ffffffff 02 ffffffff";
  private static final String PING_BYTES = "50 01020304";
  private static final String ANSWER_BYTES = "41 00000007 01";

  private static final ResourceQuota NUMBERS =
      new ResourceQuota(-1, Long.MAX_VALUE, Long.MIN_VALUE, -2);
  private static final ResourceQuota GRACELESS = new ResourceQuota(1, 2, 3, 0).withoutGrace(true);
  private static final Quota QUOTA =
      new Quota(QuotaType.GROUP, 4294967295L, QuotaState.ENFORCED, 0, NUMBERS, NUMBERS);

  private static final Quota LAST =
      new Quota(QuotaType.GROUP, 4294967294L, QuotaState.ENFORCED, 0, NUMBERS, NUMBERS);

  /** Each row: packet as in docs/architecture.md, its bytes. */
  static Stream<Object[]> toHelper() {
    return Stream.of(
        new Object[] {
          new Lookup(1, new Scope.Home(), "a"), "4c 00000001 00 0000000000000000 01 61"
        },
        new Object[] {
          new Lookup(-1, new Scope.Device(259, -1, new Project.Unnamed()), "bob+\u00ff"),
          "4c ffffffff 01 00000103 ffffffff 00 0000000000000000 ffffffff 05 626f622bff"
        },
        new Object[] {
          new Lookup(1, new Scope.Device(8, 1, new Project.Numbered(4294967294L)), "a"),
          "4c 00000001 01 00000008 00000001 01 00000000fffffffe ffffffff 01 61"
        },
        new Object[] {
          new Lookup(1, new Scope.Device(8, 1, new Project.OfInode(-2), 4294967294L), "a"),
          "4c 00000001 01 00000008 00000001 02 fffffffffffffffe fffffffe 01 61"
        },
        new Object[] {
          new Lookup(1, new Scope.Device(8, 1, new Project.Unnamed(), 0), "a"),
          "4c 00000001 01 00000008 00000001 00 0000000000000000 00000000 01 61"
        },
        new Object[] {
          new Lookup(0, new Scope.All(), "x".repeat(255)),
          "4c 00000000 02 0000000000000000 ff " + "78".repeat(255)
        },
        new Object[] {
          new Next(3, 8, -1, QuotaType.PROJECT, 4294967295L),
          "4e 00000003 00000008 ffffffff 02 ffffffff"
        },
        new Object[] {new Ping(0x01020304), "50 01020304"});
  }

  static Stream<Object[]> fromHelper() {
    FilesystemQuotas none = new FilesystemQuotas(8, 1, List.of());
    FilesystemQuotas one = new FilesystemQuotas(259, 1048575, List.of(QUOTA));
    String numbers = "ffffffffffffffff 7fffffffffffffff 8000000000000000 fffffffffffffffe";
    return Stream.of(
        new Object[] {new Hello(1, 258), "48 0001 00000102"},
        new Object[] {new Hello(65535, -1), "48 ffff ffffffff"},
        new Object[] {new Pong(-2), "70 fffffffe"},
        new Object[] {new Answer(7, new Outcome.NoUser()), "41 00000007 01"},
        new Object[] {
          new Answer(7, new Outcome.Failed(Stage.NAME_SERVICE, 110)), "41 00000007 02 00 0000006e"
        },
        new Object[] {
          new Answer(7, new Outcome.Failed(Stage.ANSWER, 36)), "41 00000007 02 01 00000024"
        },
        new Object[] {new Answer(7, new Outcome.Busy()), "41 00000007 03"},
        new Object[] {
          listed(QuotaPage.failed(QuotaType.GROUP, 38)),
          "41 00000007 04 01 03 00000026 ffffffff 0000",
        },
        new Object[] {
          listed(
              new QuotaPage(QuotaType.GROUP, QuotaState.ENFORCED, 0, List.of(LAST), QuotaPage.END)),
          "41 00000007 04 01 02 00000000 ffffffff 0001 fffffffe " + numbers + numbers,
        },
        new Object[] {
          listed(
              new QuotaPage(
                  QuotaType.USER,
                  QuotaState.ENFORCED,
                  0,
                  List.of(new Quota(QuotaType.USER, 5, QuotaState.ENFORCED, 0, GRACELESS, NUMBERS)),
                  6)),
          "41 00000007 04 00 02 00000000 00000006 0001 00000005 "
              + "0000000000000001 0000000000000002 0000000000000003 8000000000000000"
              + numbers,
        },
        new Object[] {
          found("", List.of()), "41 00000007 00 000003e8 fffffffe 0000 0000",
        },
        new Object[] {
          found("/h\u00e9", List.of(none)),
          "41 00000007 00 000003e8 fffffffe 0003 2f68e9 0001 00000008 00000001 00",
        },
        new Object[] {
          found("/", List.of(one)),
          "41 00000007 00 000003e8 fffffffe 0001 2f 0001 00000103 000fffff 01"
              + " 01 ffffffff 02 00000000 "
              + numbers
              + numbers,
        });
  }

  @ParameterizedTest
  @MethodSource("toHelper")
  void toHelper_bytes_areAsDocumented(ToHelper packet, String hex) throws MalformedPacketException {
    assertEquals(bytes(hex), encoded(packet));
    assertEquals(List.of(packet), Packets.decodeToHelper(bytes(hex)));
  }

  @ParameterizedTest
  @MethodSource("fromHelper")
  void fromHelper_bytes_areAsDocumented(FromHelper packet, String hex)
      throws MalformedPacketException {
    assertEquals(bytes(hex), encoded(packet));
    assertEquals(List.of(packet), Packets.decodeFromHelper(bytes(hex)));
  }

  /** Every packet that is cut short or has a byte more is malformed. */
  @ParameterizedTest
  @MethodSource("toHelper")
  void toHelper_ofOtherLength_isMalformed(ToHelper packet, String hex) {
    for (ByteBuffer wrong : ofOtherLengths(bytes(hex))) {
      assertThrows(MalformedPacketException.class, () -> Packets.decodeToHelper(wrong));
    }
  }

  @ParameterizedTest
  @MethodSource("fromHelper")
  void fromHelper_ofOtherLength_isMalformed(FromHelper packet, String hex) {
    for (ByteBuffer wrong : ofOtherLengths(bytes(hex))) {
      assertThrows(MalformedPacketException.class, () -> Packets.decodeFromHelper(wrong));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "00 00000001", // unknown kind
        "48 0001 00000102", // a packet of the other direction
        "70 00000001", // the same
        "4c 00000001 02 0000000000000000 00", // empty name
        "4c 00000001 02 0000000000000000 01 00", // NUL
        "4c 00000001 02 0000000000000000 03 610062", // NUL inside
        "4c 00000001 02 0000000000000000 03 613a62", // colon
        "4c 00000001 02 0000000000000000 02 61", // name shorter than its length
        "4c 00000001 02 0000000000000000 01 6162", // longer
        "4c 00000001 03 0000000000000000 01 61", // unknown scope
        "4c 00000001 ff 0000000000000000 01 61",
        "4c 00000001 00 0000000000000001 01 61", // a device that the scope has no use for
        "4c 00000001 02 0000000100000000 01 61",
        "4e 00000001 00000008 00000001 03 00000000", // unknown quota type
        "4e 00000001 00000008 00000001 ff 00000000",
        "4c 00000001 01 0000000000000000 01 61", // no project
        "4c 00000001 01 0000000000000000 00 0000000000000001 ffffffff 01 61", // a number for no
        // project
        "4c 00000001 01 0000000000000000 01 0000000100000000 ffffffff 01 61", // not 32 bits
        "4c 00000001 01 0000000000000000 03 0000000000000000 ffffffff 01 61", // unknown kind
        "4c 00000001 01 0000000000000000 00 0000000000000000 01 61", // no group
        "50 000001", // short number
        "50 00000001 00", // left over
      })
  void toHelper_malformed_isRefused(String hex) {
    assertThrows(MalformedPacketException.class, () -> Packets.decodeToHelper(bytes(hex)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00 00000001", // unknown kind
        "4c 00000001 02 0000000000000000 01 61", // a packet of the other direction
        "50 00000001",
        "41 00000001", // no outcome
        "41 00000001 05", // unknown outcome
        "41 00000001 ff",
        "41 00000001 01 00", // left over
        "41 00000001 04 03 02 00000000 ffffffff 0000", // a page of an unknown quota type
        "41 00000001 04 00 05 00000000 ffffffff 0000", // of an unknown state
        "41 00000001 04 00 02 00000000 ffffffff 0385", // 901 quotas
        "41 00000001 04 00 02 00000000 ffffffff 0001", // none of one
        "41 00000001 02 00 000000", // short errno
        "41 00000001 02 02 00000001", // unknown stage
        "41 00000001 00 00000001 00000001 1001 00", // home longer than PATH_MAX
        "41 00000001 00 00000001 00000001 ffff 00",
        "41 00000001 00 00000001 00000001 0002 2f 0000", // home swallows the count
        "41 00000001 00 00000001 00000001 0000 00fb", // 251 filesystems
        "41 00000001 00 00000001 00000001 0000 ffff",
        "41 00000001 00 00000001 00000001 0000 0001", // none of one filesystem
        "41 00000001 00 00000001 00000001 0000 0001 00000001 00000001 01", // none of one quota
        "41 00000001 00 00000001 00000001 0000 0001 00000001 00000001 ff",
        "41 00000001 00 00000001 00000001 0000 0002 "
            + "00000001 00000001 00 00000001 00000001 00", // a device twice
      })
  void fromHelper_malformed_isRefused(String hex) {
    assertThrows(MalformedPacketException.class, () -> Packets.decodeFromHelper(bytes(hex)));
  }

  /** Several look-ups, or several answers, up to a number; of no other message, and no mixture. */
  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "64, true", "65, false"})
  void messages_ofOnePacket_haveABound(int count, boolean valid) {
    assertEquals(valid, isToHelper(LOOKUP_BYTES.repeat(count)));
    assertEquals(valid, isPacket(bytes(ANSWER_BYTES.repeat(count))));
  }

  @ParameterizedTest
  @ValueSource(strings = {PING_BYTES, NEXT_BYTES})
  void messages_toHelper_otherThanLookups_areAlone(String other) {
    assertTrue(isToHelper(other));
    assertFalse(isToHelper(other + other));
    assertFalse(isToHelper(LOOKUP_BYTES + other));
    assertFalse(isToHelper(other + LOOKUP_BYTES));
    assertFalse(isToHelper(LOOKUP_BYTES + other + LOOKUP_BYTES));
  }

  @ParameterizedTest
  @ValueSource(strings = {"70 fffffffe", "48 0003 00000102"})
  void messages_fromHelper_otherThanAnswers_areAlone(String other) {
    assertTrue(isPacket(bytes(other)));
    assertFalse(isPacket(bytes(other + other)));
    assertFalse(isPacket(bytes(ANSWER_BYTES + other)));
    assertFalse(isPacket(bytes(other + ANSWER_BYTES)));
    assertFalse(isPacket(bytes(ANSWER_BYTES + other + ANSWER_BYTES)));
  }

  private static boolean isToHelper(String hex) {
    try {
      Packets.decodeToHelper(bytes(hex));
      return true;
    } catch (MalformedPacketException e) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({"03, 02", "ff, 02", "00, 05", "00, ff"})
  void quota_ofUnknownTypeOrState_isRefused(String type, String state) {
    String head = "41 00000001 00 00000001 00000001 0000 0001 00000001 00000001 01";
    String quota = type + "00000001" + state + "00000000" + "00".repeat(64);
    assertThrows(
        MalformedPacketException.class, () -> Packets.decodeFromHelper(bytes(head + quota)));
  }

  @Test
  void quota_ofOneTypeTwice_isRefused() {
    String head = "41 00000001 00 00000001 00000001 0000 0001 00000001 00000001 02";
    String quota = "00 00000001 02 00000000" + "00".repeat(64);
    assertThrows(
        MalformedPacketException.class,
        () -> Packets.decodeFromHelper(bytes(head + quota + quota)));
  }

  @ParameterizedTest
  @CsvSource({
    "02, 00000001, 00000002, 00000003, true",
    "02, 00000001, 00000002, 00000002, false", // would be listed again
    "02, 00000002, 00000002, 00000003, false", // twice
    "02, 00000002, 00000001, 00000003, false", // in disorder
    "02, 80000000, fffffffe, ffffffff, true", // the greatest id
    "02, 80000000, ffffffff, ffffffff, false", // nobody's
    "00, 00000001, 00000002, 00000003, false", // of a type that is off
  })
  void page_order_isChecked(String state, String one, String two, String next, boolean valid) {
    String numbers = "00".repeat(64);
    ByteBuffer packet =
        bytes(
            "41 00000001 04 00"
                + state
                + "00000000"
                + next
                + "0002"
                + one
                + numbers
                + two
                + numbers);
    assertEquals(valid, isPacket(packet));
  }

  private static boolean isPacket(ByteBuffer fromHelper) {
    try {
      Packets.decodeFromHelper(fromHelper);
      return true;
    } catch (MalformedPacketException e) {
      return false;
    }
  }

  @Test
  void page_fullest_fitsIntoPacket() throws MalformedPacketException {
    List<Quota> most =
        IntStream.range(0, QuotaPage.MAX_QUOTAS)
            .mapToObj(i -> new Quota(QuotaType.USER, i, QuotaState.ENFORCED, 0, NUMBERS, NUMBERS))
            .toList();
    FromHelper packet =
        listed(new QuotaPage(QuotaType.USER, QuotaState.ENFORCED, 0, most, QuotaPage.END));
    ByteBuffer bytes = encoded(packet);
    assertTrue(bytes.remaining() <= Packets.MAX_PACKET);
    assertEquals(List.of(packet), Packets.decodeFromHelper(bytes));
  }

  @Test
  void answer_thatNoPacketCanCarry_cannotBeMade() {
    FilesystemQuotas one = new FilesystemQuotas(8, 1, List.of());
    String tooLong = "/".repeat(UserQuotas.MAX_HOME + 1);
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    assertThrows(refused, () -> found(tooLong, List.of()));
    assertThrows(refused, () -> found("/", List.of(one, one)));
    assertThrows(refused, () -> found("/", devices(UserQuotas.MAX_FILESYSTEMS + 1, List.of())));
    assertThrows(refused, () -> new FilesystemQuotas(8, 1, List.of(QUOTA, QUOTA)));
  }

  @Test
  void answer_largest_fitsIntoPacket() throws MalformedPacketException {
    List<Quota> all =
        Stream.of(QuotaType.values())
            .map(type -> new Quota(type, 0, QuotaState.FAILED, -1, NUMBERS, NUMBERS))
            .toList();
    FromHelper packet =
        found("/".repeat(UserQuotas.MAX_HOME), devices(UserQuotas.MAX_FILESYSTEMS, all));
    ByteBuffer bytes = encoded(packet);
    assertTrue(bytes.remaining() <= Packets.MAX_PACKET);
    assertEquals(List.of(packet), Packets.decodeFromHelper(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "0, false",
    "1, true",
    "255, true",
    "256, false",
  })
  void name_length_isBounded(int length, boolean valid) {
    assertEquals(valid, Lookup.isValidName("x".repeat(length)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "a\0", "\u0100", "a\u20ac", "a:b", "a/b", "..//", "a\n"})
  void name_ofNoAccount_isNotSent(String name) {
    assertThrows(IllegalArgumentException.class, () -> new Lookup(1, new Scope.All(), name));
  }

  private static List<FilesystemQuotas> devices(int count, List<Quota> quotas) {
    return IntStream.range(0, count)
        .mapToObj(minor -> new FilesystemQuotas(-1, minor, quotas))
        .toList();
  }

  private static FromHelper listed(QuotaPage page) {
    return new Answer(7, new Outcome.Listed(page));
  }

  private static FromHelper found(String home, List<FilesystemQuotas> filesystems) {
    UserQuotas user = new UserQuotas(1000, 4294967294L, home, filesystems);
    return new Answer(7, new Outcome.Found(user));
  }

  private static List<ByteBuffer> ofOtherLengths(ByteBuffer packet) {
    int length = packet.remaining();
    return Stream.concat(
            Stream.iterate(0, i -> i < length, i -> i + 1).map(i -> packet.slice(0, i)),
            Stream.of(ByteBuffer.allocate(length + 1).put(packet.duplicate()).rewind()))
        .toList();
  }

  private static ByteBuffer encoded(ToHelper packet) {
    ByteBuffer out = ByteBuffer.allocate(Packets.MAX_PACKET);
    Packets.encode(packet, out);
    return out.flip();
  }

  private static ByteBuffer encoded(FromHelper packet) {
    ByteBuffer out = ByteBuffer.allocate(Packets.MAX_PACKET);
    Packets.encode(packet, out);
    return out.flip();
  }

  static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
