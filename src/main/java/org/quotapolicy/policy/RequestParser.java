// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one connection into access policy requests, in any pieces they come.
 *
 * <p>A request is lines {@code name=value}, each ended by one LF, and an empty line. Nothing but LF
 * ends a line, and the first {@code =} splits it. Values hold any other byte. Names that are not
 * needed are skipped without being stored, however long; of a name that comes twice the first value
 * counts, as with Postfix's own reader.
 *
 * <p>A line without {@code =}, and a request without any line, are violations: Postfix sends
 * neither, so what follows cannot be trusted to be a request.
 *
 * <p>Between requests it holds no memory, and within one no more than {@link #MAX_HELD}. Not
 * thread-safe.
 */
public final class RequestParser {
  /** Most bytes of a request. Postfix sends less than 1 KiB, with long certificate names 20 KiB. */
  public static final int MAX_REQUEST = 1 << 20;

  /** Most attributes of a request. Postfix 3.7 sends 29. */
  public static final int MAX_ATTRIBUTES = 1_000;

  /** Most bytes of a usable recipient. Postfix's line_length_limit bounds it to 2,048. */
  public static final int MAX_RECIPIENT = 4_096;

  /** Most bytes kept of any other value. */
  public static final int MAX_OTHER = 256;

  /** Most bytes of memory that a part of a request takes; 6,800 with values as long as may be. */
  public static final int MAX_HELD = 8 << 10;

  private @Nullable PartialRequest partial;

  /**
   * Consumes bytes up to and including the end of a request, or all that there are.
   *
   * @param in backed by an array: bytes are looked at where they are
   * @return the request, if it is complete; what is left belongs to the next one
   * @throws ProtocolViolationException if no further byte of this connection makes sense
   */
  public Optional<AccessPolicyRequest> parse(ByteBuffer in) throws ProtocolViolationException {
    while (in.hasRemaining()) {
      if (partial == null) {
        partial = new PartialRequest();
      }
      if (partial.isCompletedBy(in)) {
        AccessPolicyRequest request = partial.toRequest();
        partial = null;
        return Optional.of(request);
      }
    }
    return Optional.empty();
  }

  /** Whether no request has begun. */
  public boolean isIdle() {
    return partial == null;
  }
}
