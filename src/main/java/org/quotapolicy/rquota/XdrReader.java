// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads XDR (RFC 4506) from a reply that is complete. What is not there is malformed; nothing is
 * allocated for a length before it was compared with what is there.
 */
final class XdrReader {
  private final ByteBuffer bytes;

  /** Reads from here to the end of the buffer. */
  XdrReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** The next four bytes, as a signed number. */
  int signed() throws MalformedReplyException {
    if (bytes.remaining() < Integer.BYTES) {
      throw new MalformedReplyException("it ends too early");
    }
    return bytes.getInt();
  }

  /** The next four bytes, as an unsigned number. */
  long unsigned() throws MalformedReplyException {
    return Integer.toUnsignedLong(signed());
  }

  /** A string, each byte as one char (ISO 8859-1). */
  String text(int longest) throws MalformedReplyException {
    byte[] text = new byte[length(longest)];
    bytes.get(text);
    pad(text.length);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Opaque bytes that nobody wants. */
  void skipOpaque(int longest) throws MalformedReplyException {
    int length = length(longest);
    bytes.position(bytes.position() + length);
    pad(length);
  }

  private int length(int longest) throws MalformedReplyException {
    long length = unsigned();
    if (length > longest || length > bytes.remaining()) {
      throw new MalformedReplyException("a length of " + length + " bytes");
    }
    return (int) length;
  }

  private void pad(int length) throws MalformedReplyException {
    int padding = -length & 3;
    if (padding > bytes.remaining()) {
      throw new MalformedReplyException("it ends too early");
    }
    bytes.position(bytes.position() + padding);
  }
}
