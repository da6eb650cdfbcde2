// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.nio.ByteBuffer;

/**
 * A call as a server reads it.
 *
 * @param flavor of the credentials: 1 is AUTH_SYS
 * @param uid of AUTH_SYS, else -1
 * @param gid of AUTH_SYS, else -1
 * @param path the first argument of GETQUOTA
 * @param type USER unless version 2 says another
 * @param protocol for which transport the port mapper is asked
 */
record Request(
    Transport by,
    int xid,
    int program,
    int version,
    int flavor,
    int uid,
    int gid,
    String path,
    int type,
    int id,
    int protocol) {

  static Request read(Transport by, byte[] message) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(message);
      XdrReader in = new XdrReader(buffer);
      int xid = in.signed();
      skip(in, 2);
      int program = in.signed();
      int version = in.signed();
      skip(in, 1);
      int flavor = in.signed();
      in.signed(); // length of the credentials
      int uid = -1;
      int gid = -1;
      if (flavor == 1) {
        in.signed();
        in.text(255);
        uid = in.signed();
        gid = in.signed();
        skip(in, 2);
      }
      skip(in, 2); // no verifier
      if (program == GetQuota.PROGRAM) {
        String path = in.text(1024);
        int type = version == GetQuota.TYPED_VERSION ? in.signed() : 0;
        return new Request(by, xid, program, version, flavor, uid, gid, path, type, in.signed(), 0);
      }
      skip(in, 2);
      return new Request(by, xid, program, version, flavor, uid, gid, "", 0, 0, in.signed());
    } catch (MalformedReplyException e) {
      throw new AssertionError("a call that no server understands", e);
    }
  }

  private static void skip(XdrReader in, int numbers) throws MalformedReplyException {
    for (int i = 0; i < numbers; i++) {
      in.signed();
    }
  }

  /** A reply that says that it was done, with these numbers as the result. */
  byte[] success(long... numbers) {
    XdrWriter reply = new XdrWriter().number(xid).number(1).number(0).number(0).number(0).number(0);
    for (long number : numbers) {
      reply.number(number);
    }
    return reply.bytes();
  }

  /** A reply with this accept_stat. */
  byte[] accepted(int status, long... numbers) {
    byte[] reply = success(numbers);
    ByteBuffer.wrap(reply).putInt(20, status);
    return reply;
  }

  /** A reply that this was denied with an AUTH_ERROR. */
  byte[] denied(int authStatus) {
    return new XdrWriter().number(xid).number(1).number(1).number(1).number(authStatus).bytes();
  }

  /** Q_OK: hard, soft and used blocks of 1 KiB, the same of inodes, no timer. */
  byte[] ok(long hard, long soft, long used) {
    return success(1, 1024, 1, hard, soft, used, 10, 5, 2, 0, 0);
  }

  /** Q_NOQUOTA. */
  byte[] noQuota() {
    return success(2);
  }
}
