// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.policy.AccessPolicyRequest.Flaw;

class RequestParserTest {

  private final RequestParser parser = new RequestParser();

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private AccessPolicyRequest parse(ByteBuffer in) throws ProtocolViolationException {
    return parser.parse(in).orElseThrow();
  }

  private AccessPolicyRequest parse(String text) throws ProtocolViolationException {
    return parse(bytes(text));
  }

  private AccessPolicyRequest transcript(String name)
      throws IOException, ProtocolViolationException {
    return parse(ByteBuffer.wrap(Transcripts.read(name)));
  }

  @Test
  void rcpt_asPostfixSendsIt_isRead() throws Exception {
    assertEquals(
        new AccessPolicyRequest(
            "RCPT",
            "alice+lists@example.com",
            20480,
            "1a2b.65f0c0de.3d4e5.0",
            "",
            "carol@example.org",
            Set.of()),
        transcript(Transcripts.RCPT));
    assertTrue(parser.isIdle());
  }

  @Test
  void data_threeRecipients_hasNone() throws Exception {
    AccessPolicyRequest request = transcript(Transcripts.DATA_THREE_RECIPIENTS);
    assertEquals("DATA", request.protocolState());
    assertEquals("", request.recipient());
    assertEquals(0, request.size());
  }

  @Test
  void endOfMessage_oneRecipient_hasTrueSize() throws Exception {
    AccessPolicyRequest request = transcript(Transcripts.END_OF_MESSAGE);
    assertEquals("END-OF-MESSAGE", request.protocolState());
    assertEquals("bob@example.com", request.recipient());
    assertEquals(1048613, request.size());
    assertEquals("4XyZ1k0Jq9z2f", request.queueId());
  }

  @Test
  void rawBytes_inValues_endNoLine() throws Exception {
    AccessPolicyRequest request = transcript(Transcripts.RAW_BYTES);
    assertEquals(
        "al\u000b\u000c\u00c2\u0085\u00e2\u0080\u00a8\u00ff=i\rce@example.com",
        request.recipient());
    assertTrue(request.isUsable());
  }

  @Test
  void twoRequests_inOneBuffer_comeOneAtATime() throws Exception {
    ByteBuffer in = bytes("recipient=a\n\nrecipient=b\n\nrec");
    assertEquals("a", parse(in).recipient());
    assertEquals("b", parse(in).recipient());
    assertTrue(parser.parse(in).isEmpty());
    assertFalse(parser.isIdle());
    assertEquals("c", parse("ipient=c\n\n").recipient());
  }

  @Test
  void order_any_isAccepted() throws Exception {
    AccessPolicyRequest request = parse("size=7\nrecipient=a\nrequest=smtpd_access_policy\n\n");
    assertEquals("a", request.recipient());
    assertEquals(7, request.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x=y\n", "=y\n", "recipien=b\n", "recipients=b\n", "RECIPIENT=b\n", "=\n"})
  void unknownName_isIgnored(String line) throws Exception {
    assertEquals("a", parse(line + "recipient=a\n" + line + "\n").recipient());
  }

  @Test
  void attribute_twice_firstCounts() throws Exception {
    assertEquals("a", parse("recipient=a\nrecipient=b\n\n").recipient());
    assertEquals("", parse("recipient=\nrecipient=b\n\n").recipient());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "00012, 12",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, -9223372036854775808",
    "18446744073709551615, -1",
  })
  void size_ofUnsignedLong_isRead(String size, long expected) throws Exception {
    AccessPolicyRequest request = parse("size=" + size + "\n\n");
    assertEquals(expected, request.size());
    assertEquals(Set.of(), request.flaws());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "+1", " 1", "1 ", "1K", "0x10", "18446744073709551616", "1\r", "\u00b2"})
  void size_unreadable_isUndeclaredAndFlagged(String size) throws Exception {
    AccessPolicyRequest request = parse("size=" + size + "\n\n");
    assertEquals(0, request.size());
    assertEquals(Set.of(Flaw.SIZE_UNREADABLE), request.flaws());
    assertTrue(request.isUsable());
  }

  @Test
  void size_empty_isUndeclared() throws Exception {
    assertEquals(Set.of(), parse("size=\n\n").flaws());
  }

  @Test
  void size_ofFiveThousandDigits_isFlagged() throws Exception {
    assertEquals(Set.of(Flaw.SIZE_UNREADABLE), parse("size=" + "9".repeat(5000) + "\n\n").flaws());
  }

  @Test
  void recipient_atTheBound_isKept() throws Exception {
    String recipient = "r".repeat(RequestParser.MAX_RECIPIENT);
    AccessPolicyRequest request = parse("recipient=" + recipient + "\n\n");
    assertEquals(recipient, request.recipient());
    assertTrue(request.isUsable());
  }

  @Test
  void recipient_beyondTheBound_makesUnusable() throws Exception {
    String recipient = "r".repeat(RequestParser.MAX_RECIPIENT + 1);
    AccessPolicyRequest request = parse("recipient=" + recipient + "\n\n");
    assertEquals(Set.of(Flaw.RECIPIENT_TOO_LONG), request.flaws());
    assertFalse(request.isUsable());
  }

  @Test
  void sender_beyondTheBound_isCut() throws Exception {
    AccessPolicyRequest request = parse("sender=" + "s".repeat(100_000) + "\nrecipient=a\n\n");
    assertEquals(RequestParser.MAX_OTHER, request.sender().length());
    assertEquals("a", request.recipient());
    assertTrue(request.isUsable());
  }

  @Test
  void request_ofOtherKind_isUnusable() throws Exception {
    AccessPolicyRequest request = parse("request=greeting\nrecipient=a\n\n");
    assertEquals(Set.of(Flaw.OTHER_REQUEST), request.flaws());
    assertFalse(request.isUsable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "x\n", "recipient\n", "recipient=a\n\r\n", "recipient=a\nGET / HTTP/1.0\n"})
  void line_withoutEqualsSign_isViolation(String text) {
    assertThrows(ProtocolViolationException.class, () -> parser.parse(bytes(text)));
  }

  @Test
  void attributes_atTheBound_arePossible() throws Exception {
    String rest = "x=\n".repeat(RequestParser.MAX_ATTRIBUTES - 1);
    assertEquals("a", parse("recipient=a\n" + rest + "\n").recipient());
  }

  @Test
  void attributes_beyondTheBound_areViolation() {
    ByteBuffer in = bytes("x=\n".repeat(RequestParser.MAX_ATTRIBUTES + 1));
    assertThrows(ProtocolViolationException.class, () -> parser.parse(in));
  }

  @Test
  void bytes_atTheBound_arePossible() throws Exception {
    String tail = "\nrecipient=a\n\n";
    String filler = "x=".concat("y".repeat(RequestParser.MAX_REQUEST - 2 - tail.length()));
    assertEquals("a", parse(filler + tail).recipient());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "x=", "recipient="})
  void bytes_beyondTheBound_areViolation(String start) {
    ByteBuffer in = bytes(start + "y".repeat(RequestParser.MAX_REQUEST));
    assertThrows(ProtocolViolationException.class, () -> parser.parse(in));
  }

  @Test
  void manyRequests_eachHasItsOwnBounds() throws Exception {
    ByteBuffer in = bytes(("x=".concat("y".repeat(400_000)) + "\nrecipient=a\n\n").repeat(4));
    for (int i = 0; i < 4; i++) {
      assertEquals("a", parse(in).recipient());
    }
  }

  /** Many of them, so that what else is on the heap does not count. */
  @Test
  void halfRequest_asLargeAsMayBe_holdsLittle() throws Exception {
    List<RequestParser> halves = new ArrayList<>();
    byte[] most =
        ("recipient=" + "r".repeat(RequestParser.MAX_RECIPIENT) + "\nsize=").getBytes(ISO_8859_1);
    long before = used();
    for (int i = 0; i < 2_000; i++) {
      RequestParser parser = new RequestParser();
      for (byte b : most) { // as they come one by one, room is made for them step by step
        parser.parse(ByteBuffer.wrap(new byte[] {b}));
      }
      halves.add(parser);
    }
    long each = (used() - before) / halves.size();
    assertTrue(each < RequestParser.MAX_RECIPIENT + 1_024, each + " bytes each");
    assertFalse(halves.get(0).isIdle());
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
