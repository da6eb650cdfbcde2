// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record as it comes in by TCP: fragments, each behind four bytes that hold its length and, in
 * the highest bit, whether it is the last. Source: RFC 5531, section 11.
 *
 * <p>It ends in any case: neither its fragments nor its bytes are more than a reply can have.
 */
final class MarkedRecord {
  private static final int MOST_FRAGMENTS = 16;

  private final ByteBuffer bytes =
      ByteBuffer.allocate(RpcReply.LONGEST + MOST_FRAGMENTS * Integer.BYTES);

  /** Where the next bytes go. Never full before the record is whole, or malformed. */
  ByteBuffer space() {
    return bytes;
  }

  /** The record, without its marks; null as long as something is missing. */
  @Nullable ByteBuffer whole() throws MalformedReplyException {
    ByteBuffer in = bytes.duplicate().flip();
    ByteBuffer record = ByteBuffer.allocate(RpcReply.LONGEST);
    for (int i = 0; i < MOST_FRAGMENTS; i++) {
      if (in.remaining() < Integer.BYTES) {
        return null;
      }
      int mark = in.getInt();
      int length = mark & Integer.MAX_VALUE;
      if (length > record.remaining()) {
        throw new MalformedReplyException("it is too long");
      }
      if (length > in.remaining()) {
        return null;
      }
      record.put(in.slice().limit(length));
      in.position(in.position() + length);
      if (mark < 0) {
        return record.flip();
      }
    }
    throw new MalformedReplyException("too many fragments");
  }
}
