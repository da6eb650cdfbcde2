// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

/**
 * Who a call says that it comes from: AUTH_SYS, which nobody verifies. Source: RFC 5531, appendix
 * A.
 *
 * @param machine name of this machine, at most {@link #LONGEST_NAME} bytes
 * @param uid user id; an unsigned 32-bit number
 * @param gid group id, the only one; an unsigned 32-bit number
 */
record Credentials(String machine, long uid, long gid) {
  /** Of a machine, by the definition of authsys_parms. */
  static final int LONGEST_NAME = 255;

  private static final int AUTH_NONE = 0;
  private static final int AUTH_SYS = 1;

  /** The credentials and the verifier of a call. */
  void writeTo(XdrWriter call) {
    byte[] body =
        new XdrWriter()
            .number(0) // the "arbitrary ID": nobody looks at it
            .text(machine)
            .number(uid)
            .number(gid)
            .number(1)
            .number(gid)
            .bytes();
    call.number(AUTH_SYS).opaque(body);
    writeNone(call);
  }

  /** No credentials and no verifier, or one of the two. */
  static void writeNone(XdrWriter call) {
    call.number(AUTH_NONE).number(0);
  }
}
