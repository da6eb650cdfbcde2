// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * A remote procedure with its arguments. Source: RFC 5531, section 9.
 *
 * @param program number of the program
 * @param version its version
 * @param number number of the procedure
 * @param credentials who calls; empty where nobody asks for it
 * @param arguments writes them
 * @param result reads what comes back
 */
record Procedure<R>(
    int program,
    int version,
    int number,
    Optional<Credentials> credentials,
    Consumer<XdrWriter> arguments,
    Result<R> result) {
  private static final int CALL = 0;
  private static final int RPC_VERSION = 2;

  /** Reads the results of a call that succeeded. */
  @FunctionalInterface
  interface Result<R> {
    R read(XdrReader in) throws MalformedReplyException;
  }

  /** The message that calls it. */
  byte[] message(int xid) {
    XdrWriter call = new XdrWriter();
    call.number(xid).number(CALL).number(RPC_VERSION);
    call.number(program).number(version).number(number);
    credentials.ifPresentOrElse(known -> known.writeTo(call), () -> none(call));
    arguments.accept(call);
    return call.bytes();
  }

  private static void none(XdrWriter call) {
    Credentials.writeNone(call);
    Credentials.writeNone(call);
  }
}
