// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.security.SecureRandom;

/**
 * One call of a procedure, on a socket of its own: the kernel gives it a port that nobody can
 * guess, and hands it only what comes from the address and port that was asked. It ends once, or is
 * closed before that.
 */
abstract class Call<R> implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Procedure<R> procedure;
  private final Ends<R> ends;
  private final SelectableChannel channel;
  private final int xid = RANDOM.nextInt();
  private boolean ended;

  /** How a call can end. */
  interface Ends<R> {
    /** With a reply. */
    void replied(RpcReply<R> reply);

    /** Nobody listens there. */
    void refused();

    /** It could not be made, or what came back makes no sense. */
    void failed(String why);
  }

  Call(Procedure<R> procedure, Ends<R> ends, SelectableChannel channel) {
    this.procedure = procedure;
    this.ends = ends;
    this.channel = channel;
  }

  /** Sends it. */
  abstract void begin();

  /** The message to send; the same each time. */
  final byte[] message() {
    return procedure.message(xid);
  }

  /** Whether a reply is for another call, as a late one is. */
  final boolean isStray(ByteBuffer reply) throws MalformedReplyException {
    return RpcReply.xid(reply) != xid;
  }

  /** It ends with this reply. */
  final void reply(ByteBuffer bytes) throws MalformedReplyException {
    RpcReply<R> reply = RpcReply.read(bytes, procedure.result());
    if (end()) {
      ends.replied(reply);
    }
  }

  /** It ends without one. */
  final void fail(IOException e) {
    if (!end()) {
      return;
    }
    if (e instanceof PortUnreachableException || e instanceof ConnectException) {
      ends.refused();
    } else {
      ends.failed(String.valueOf(e.getMessage()));
    }
  }

  /** It ends with something that is no reply. */
  final void fail(MalformedReplyException e) {
    if (end()) {
      ends.failed("a reply that makes no sense: " + e.getMessage());
    }
  }

  /** False if it has ended before. */
  private boolean end() {
    boolean first = !ended;
    close();
    return first;
  }

  final boolean isEnded() {
    return ended;
  }

  /** Ends it, if it has not, without telling anybody. */
  @Override
  public void close() {
    ended = true;
    try {
      channel.close();
    } catch (IOException e) {
      // There is nothing to lose.
    }
  }
}
