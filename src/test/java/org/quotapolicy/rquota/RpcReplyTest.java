// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;

class RpcReplyTest {
  private static final String ACCEPTED = "01020304 00000001 00000000 00000000 00000000 00000000 ";

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  private static Numbers numbers(String hex) throws MalformedReplyException {
    return Numbers.read(new XdrReader(bytes(hex)), 1_000);
  }

  /** What Debian's rpc.rquotad 4.06 sent for a user of ext4 over his soft limit. */
  @Test
  void getQuota_ok_isInBytesAndMoments() throws MalformedReplyException {
    Numbers told =
        numbers(
            "00000400 00000001 00002000 00000400 000007fc 0000000a 00000005 00000002"
                + "00093a80 ffffffff");

    assertEquals(new ResourceQuota(2044 << 10, 1024 << 10, 8192 << 10, 605_800), told.space());
    assertEquals(new ResourceQuota(2, 5, 10, 999), told.inodes());
  }

  @Test
  void getQuota_largest_doesNotOverflow() throws MalformedReplyException {
    Numbers told = numbers("40000000 00000000" + "ffffffff".repeat(6) + "80000000 7fffffff");

    assertEquals(0xffffffffL << 30, told.space().hardLimit());
    assertEquals(0xffffffffL, told.inodes().usage());
    assertEquals(1, told.space().graceExpiry(), "over, and not 0, which is no timer");
    assertEquals(1_000L + Integer.MAX_VALUE, told.inodes().graceExpiry());
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000", "80000000", "ffffffff", "40000001"})
  void getQuota_blockSizeThatThereIsNot_isMalformed(String size) {
    assertThrows(MalformedReplyException.class, () -> numbers(size + "00000001".repeat(9)));
  }

  @ParameterizedTest
  @CsvSource({
    "00000000 00000801, 2049",
    "00000000 00000000, 0",
    "00000000 0000ffff, 65535",
  })
  void getPort_result_isThePort(String hex, int port) throws MalformedReplyException {
    assertEquals(port, port(hex.substring(9)));
  }

  private static int port(String hex) throws MalformedReplyException {
    RpcReply<Integer> reply =
        RpcReply.read(bytes(ACCEPTED + hex), PortMapper.port(1, 2, Transport.UDP).result());
    return reply instanceof RpcReply.Success<Integer> success ? success.result() : -1;
  }

  @ParameterizedTest
  @CsvSource({
    "::1.234.123, 60027",
    "0.0.0.0.0.111, 111",
    "'', 0",
  })
  void getAddress_result_isThePort(String address, int port) throws MalformedReplyException {
    assertEquals(port, portOf(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "1.2", "::1.256.1", "::1.1.", "::1.-1.2", "::1.1234.1"})
  void getAddress_withoutAPort_isMalformed(String address) {
    assertThrows(MalformedReplyException.class, () -> portOf(address));
  }

  private static int portOf(String address) throws MalformedReplyException {
    byte[] result = new XdrWriter().text(address).bytes();
    XdrReader in = new XdrReader(ByteBuffer.wrap(result));
    return PortMapper.address(4, 1, 2, "udp6").result().read(in);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01020304",
        "01020304 00000000", // a call
        "01020304 00000001 00000002",
        "01020304 00000001 00000000 00000000 00000191", // a verifier of 401 bytes
        "01020304 00000001 00000000 00000000 7fffffff",
        "01020304 00000001 00000000 00000000 ffffffff",
        "01020304 00000001 00000000 00000000 00000001 00", // without its padding
        "01020304 00000001 00000000 00000000 00000000 00000006",
        "01020304 00000001 00000001 00000002",
        "01020304 00000001 00000000 00000000 00000000 00000000 0000", // ends in the result
      })
  void read_notAReply_isMalformed(String hex) {
    assertThrows(
        MalformedReplyException.class,
        () -> RpcReply.read(bytes(hex), PortMapper.port(1, 2, Transport.UDP).result()));
  }

  /** The bytes that quota(1) 4.06 sends, but for its name, stamp and groups. */
  @Test
  void getQuota_message_isAsTheProtocolSays() {
    byte[] message =
        GetQuota.of(2, "alice", QuotaType.GROUP, 30_001, new Credentials("lab", 30_001, 30_002))
            .message(0x01020304);

    assertEquals(
        "01020304 00000000 00000002 000186ab 00000002 00000001"
            + " 00000001 0000001c 00000000 00000003 6c616200 00007531 00007532 00000001 00007532"
            + " 00000000 00000000"
            + " 00000005 616c6963 65000000 00000001 00007531",
        HexFormat.of().formatHex(message).replaceAll("(.{8})(?!$)", "$1 "));
  }
}
