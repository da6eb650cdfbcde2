// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.nio.ByteBuffer;

/** What came back for a call. Source: RFC 5531, section 9. */
sealed interface RpcReply<R> {
  /** No reply to a procedure that is called here is longer, in bytes. */
  int LONGEST = 1024;

  /** It was done. */
  record Success<R>(R result) implements RpcReply<R> {}

  /** The program is not at this port. */
  record NoProgram<R>() implements RpcReply<R> {}

  /** The program is there, in other versions. */
  record OtherVersions<R>(long lowest, long highest) implements RpcReply<R> {}

  /**
   * It was not done.
   *
   * @param why in the words of the protocol
   * @param isPermission whether other credentials might help
   */
  record Failure<R>(String why, boolean isPermission) implements RpcReply<R> {}

  /** Reads the number of the call that a reply is for. */
  static int xid(ByteBuffer reply) throws MalformedReplyException {
    return new XdrReader(reply.duplicate()).signed();
  }

  /** Reads a whole reply; bytes behind it do not matter. */
  static <R> RpcReply<R> read(ByteBuffer reply, Procedure.Result<R> result)
      throws MalformedReplyException {
    XdrReader in = new XdrReader(reply);
    in.signed(); // the number
    if (in.signed() != 1) {
      throw new MalformedReplyException("a call instead of a reply");
    }
    return switch (in.signed()) {
      case 0 -> accepted(in, result);
      case 1 -> denied(in);
      default -> throw new MalformedReplyException("neither accepted nor denied");
    };
  }

  private static <R> RpcReply<R> accepted(XdrReader in, Procedure.Result<R> result)
      throws MalformedReplyException {
    in.signed(); // the verifier's flavour
    in.skipOpaque(400);
    return switch (in.signed()) {
      case 0 -> new Success<>(result.read(in));
      case 1 -> new NoProgram<>();
      case 2 -> new OtherVersions<>(in.unsigned(), in.unsigned());
      case 3 -> new Failure<>("PROC_UNAVAIL", false);
      case 4 -> new Failure<>("GARBAGE_ARGS", false);
      case 5 -> new Failure<>("SYSTEM_ERR", false);
      default -> throw new MalformedReplyException("an accept_stat that there is not");
    };
  }

  private static <R> RpcReply<R> denied(XdrReader in) throws MalformedReplyException {
    return switch (in.signed()) {
      case 0 -> new Failure<>("RPC_MISMATCH", false);
      case 1 -> new Failure<>("AUTH_ERROR " + in.unsigned(), true);
      default -> throw new MalformedReplyException("a reject_stat that there is not");
    };
  }
}
