// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.quotapolicy.quota.QuotaType;

/** What a server may send, for whoever makes it up. */
public final class ReplyBytes {
  private static final Credentials SELF = new Credentials("client", 1000, 100);

  private ReplyBytes() {}

  /** Reads a reply to GETQUOTA; empty if it is none, else what it says. */
  public static Optional<String> ofGetQuota(byte[] reply) {
    Procedure<GetQuota.Status> call =
        GetQuota.of(GetQuota.TYPED_VERSION, "/home", QuotaType.USER, 1000, SELF);
    try {
      RpcReply.xid(ByteBuffer.wrap(reply));
      return Optional.of(RpcReply.read(ByteBuffer.wrap(reply), call.result()).toString());
    } catch (MalformedReplyException e) {
      return Optional.empty();
    }
  }
}
