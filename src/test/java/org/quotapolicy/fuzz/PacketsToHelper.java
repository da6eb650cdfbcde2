// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import java.nio.ByteBuffer;
import org.quotapolicy.wire.MalformedPacketException;
import org.quotapolicy.wire.Packets;

/** What a daemon that was taken over sends to the helper: a packet of one spelling, or refused. */
public final class PacketsToHelper {
  private PacketsToHelper() {}

  /** One packet. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length > Packets.MAX_PACKET) {
      return;
    }
    try {
      ByteBuffer again = ByteBuffer.allocate(Packets.MAX_PACKET);
      Packets.decodeToHelper(ByteBuffer.wrap(data)).forEach(one -> Packets.encode(one, again));
      Must.equal(ByteBuffer.wrap(data), again.flip(), "the same packet");
    } catch (MalformedPacketException refused) {
      Must.hold(refused.getMessage() != null, "it says why");
    }
  }
}
