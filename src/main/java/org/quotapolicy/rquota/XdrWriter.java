// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes XDR (RFC 4506). */
final class XdrWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

  /** Four bytes; of a longer number, the lowest. */
  XdrWriter number(long number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.write((int) (number >>> shift));
    }
    return this;
  }

  /** A string, each char one byte (ISO 8859-1). */
  XdrWriter text(String text) {
    return opaque(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Bytes behind their length, up to a multiple of four. */
  XdrWriter opaque(byte[] opaque) {
    number(opaque.length);
    bytes.writeBytes(opaque);
    bytes.writeBytes(new byte[-opaque.length & 3]);
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
