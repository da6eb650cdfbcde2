// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is answered to an access policy request.
 *
 * <p>Only {@code DUNNO} and refusals with a text can be made, by {@link #parse} alone: whatever a
 * client or a configuration says, nothing else is ever sent. Source: Postfix access(5),
 * SMTPD_POLICY_README.
 */
public final class Action {
  /** Most bytes of an action. Postfix cuts the reply to the SMTP client there (RFC 5321, 512). */
  public static final int MAX_BYTES = 510;

  /** No opinion: the restrictions that follow decide. */
  public static final Action DUNNO = new Action("DUNNO");

  /** The mailbox is full: try again later, unless something else rejects the mail for good. */
  public static final Action DEFAULT_OVER_QUOTA =
      new Action("DEFER_IF_PERMIT 4.2.2 Mailbox is full, please try again later");

  private final String text;
  private final ByteBuffer reply;

  private Action(String text) {
    this.text = text;
    this.reply = encode(text);
  }

  /**
   * Makes an action of a configured text.
   *
   * @throws InvalidActionException if it is not an action that may be sent; the message says why
   */
  public static Action parse(String text) throws InvalidActionException {
    String normalised = ActionSyntax.normalise(text);
    return normalised.equals(DUNNO.text) ? DUNNO : new Action(normalised);
  }

  /** The whole reply, ready to be written: a buffer of its own over shared bytes. */
  public ByteBuffer reply() {
    return reply.duplicate();
  }

  private static ByteBuffer encode(String action) {
    byte[] bytes = action.getBytes(StandardCharsets.UTF_8);
    int length = lengthWithin(bytes, MAX_BYTES);
    ByteBuffer encoded = ByteBuffer.allocate("action=\n\n".length() + length);
    encoded.put("action=".getBytes(StandardCharsets.US_ASCII));
    encoded.put(bytes, 0, length).put((byte) '\n').put((byte) '\n');
    return encoded.flip().asReadOnlyBuffer();
  }

  /** The most bytes up to a bound that end with a whole UTF-8 character. */
  private static int lengthWithin(byte[] utf8, int bound) {
    int length = Math.min(utf8.length, bound);
    while (length < utf8.length && (utf8[length] & 0xC0) == 0x80) {
      length--;
    }
    return length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Action action && text.equals(action.text);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(text);
  }

  /** The action as it is sent, if it is not longer than {@link #MAX_BYTES}. */
  @Override
  public String toString() {
    return text;
  }
}
