// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.policy.AccessPolicyRequest.Flaw;

/** A request that has begun and is not complete yet. */
final class PartialRequest {

  /** An attribute whose value is kept. */
  private enum Attribute {
    REQUEST("request", RequestParser.MAX_OTHER),
    PROTOCOL_STATE("protocol_state", RequestParser.MAX_OTHER),
    SENDER("sender", RequestParser.MAX_OTHER),
    RECIPIENT("recipient", RequestParser.MAX_RECIPIENT),
    QUEUE_ID("queue_id", RequestParser.MAX_OTHER),
    INSTANCE("instance", RequestParser.MAX_OTHER),
    SIZE("size", RequestParser.MAX_OTHER);

    private static final Attribute[] ALL = values();
    private static final int LONGEST_NAME = 14;

    private final String name;
    private final int length;
    private final int bound;

    Attribute(String name, int bound) {
      this.name = name;
      this.length = name.length();
      this.bound = bound;
    }

    private boolean isNamed(byte[] bytes, int from) {
      int same = 0;
      while (same < length && name.charAt(same) == bytes[from + same]) {
        same++;
      }
      return same == length;
    }
  }

  private static final int FIRST_CAPACITY = 64;
  private static final String OUR_REQUEST = "smtpd_access_policy";

  private final Map<Attribute, String> values = new EnumMap<>(Attribute.class);
  private boolean isRecipientCut;
  private int bytes;
  private int lines;

  // The current line. Kept: its name, no longer than a known one, then its value if it is needed.
  private byte[] kept = new byte[FIRST_CAPACITY];
  private int length;
  private boolean begun;
  private boolean inValue;
  private @Nullable Attribute attribute;

  /**
   * Takes one more line if all of it is there, else one more byte; true if that was the last one of
   * the request. Lines mostly come whole, and looking at them costs a fraction of the time then.
   */
  boolean isCompletedBy(ByteBuffer in) throws ProtocolViolationException {
    int from = in.arrayOffset() + in.position();
    int to = from + in.remaining();
    int nameEnd = begun ? to : endOfName(in.array(), from, to);
    int end = endOfLine(in.array(), nameEnd, to);
    if (end == to) {
      return isCompletedBy(in.get());
    }
    in.position(end + 1 - in.arrayOffset());
    return isCompletedBy(in.array(), from, nameEnd, end);
  }

  /** Where the name ends, or the line if it has none. */
  private static int endOfName(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] != '=' && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  private static int endOfLine(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  private boolean isCompletedBy(byte[] line, int from, int nameEnd, int end)
      throws ProtocolViolationException {
    bytes += end + 1 - from;
    check(bytes <= RequestParser.MAX_REQUEST, "request longer than 1 MiB");
    begun = end > from;
    inValue = nameEnd < end;
    attribute = inValue ? needed(line, from, nameEnd - from) : null;
    if (attribute != null) {
      keepValue(attribute, line, nameEnd + 1, end);
    }
    return endLine();
  }

  private void keepValue(Attribute of, byte[] line, int from, int end) {
    length = Math.min(end - from, of.bound);
    if (end - from > of.bound) {
      cut(of);
    }
    if (length > kept.length) {
      kept = new byte[length];
    }
    System.arraycopy(line, from, kept, 0, length);
  }

  private boolean isCompletedBy(byte b) throws ProtocolViolationException {
    check(++bytes <= RequestParser.MAX_REQUEST, "request longer than 1 MiB");
    if (b == '\n') {
      return endLine();
    }
    begun = true;
    if (inValue) {
      addToValue(b);
    } else if (b == '=') {
      beginValue();
    } else if (length <= Attribute.LONGEST_NAME) {
      kept[length++] = b;
    }
    return false;
  }

  private boolean endLine() throws ProtocolViolationException {
    if (!begun) {
      check(lines > 0, "request without any attribute");
      return true;
    }
    check(inValue, "line without '='");
    check(++lines <= RequestParser.MAX_ATTRIBUTES, "more than 1,000 attributes");
    if (attribute != null) {
      values.put(attribute, new String(kept, 0, length, StandardCharsets.ISO_8859_1));
    }
    if (kept.length > RequestParser.MAX_OTHER) {
      kept = new byte[FIRST_CAPACITY]; // a half request must not hold a long recipient twice
    }
    beginLine();
    return false;
  }

  private void beginLine() {
    length = 0;
    begun = false;
    inValue = false;
    attribute = null;
  }

  private void beginValue() {
    inValue = true;
    attribute = needed(kept, 0, length);
    length = 0;
  }

  private @Nullable Attribute needed(byte[] name, int from, int length) {
    for (Attribute candidate : Attribute.ALL) {
      if (candidate.length == length && candidate.isNamed(name, from)) {
        return values.containsKey(candidate) ? null : candidate;
      }
    }
    return null;
  }

  private void addToValue(byte b) {
    if (attribute == null) {
      return;
    }
    if (length == attribute.bound) {
      cut(attribute);
      return;
    }
    if (length == kept.length) {
      kept = Arrays.copyOf(kept, 2 * length);
    }
    kept[length++] = b;
  }

  private void cut(Attribute value) {
    isRecipientCut |= value == Attribute.RECIPIENT;
  }

  /** What came, once it is complete. */
  AccessPolicyRequest toRequest() {
    Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    if (!values.getOrDefault(Attribute.REQUEST, OUR_REQUEST).equals(OUR_REQUEST)) {
      flaws.add(Flaw.OTHER_REQUEST);
    }
    if (isRecipientCut) {
      flaws.add(Flaw.RECIPIENT_TOO_LONG);
    }
    return new AccessPolicyRequest(
        text(Attribute.PROTOCOL_STATE),
        text(Attribute.RECIPIENT),
        size(flaws),
        text(Attribute.INSTANCE),
        text(Attribute.QUEUE_ID),
        text(Attribute.SENDER),
        flaws);
  }

  private String text(Attribute attribute) {
    return values.getOrDefault(attribute, "");
  }

  /** Postfix prints it as an unsigned long; empty counts as undeclared. */
  private long size(Set<Flaw> flaws) {
    String digits = text(Attribute.SIZE);
    try {
      if (!digits.startsWith("+")) {
        return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
      }
    } catch (NumberFormatException e) {
      // Reported below, with the sign.
    }
    flaws.add(Flaw.SIZE_UNREADABLE);
    return 0;
  }

  private static void check(boolean condition, String violation) throws ProtocolViolationException {
    if (!condition) {
      throw new ProtocolViolationException(violation);
    }
  }
}
