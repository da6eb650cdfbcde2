// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.Optional;

/**
 * The procedures that tell a program's port: 0 = it is not registered. Source: RFC 1833,
 * PMAPPROC_GETPORT of version 2, which knows IPv4 only, and RPCBPROC_GETADDR of versions 3 and 4.
 */
final class PortMapper {
  /** Where port mappers are. */
  static final int PORT = 111;

  private static final int PROGRAM = 100_000;
  private static final int GET = 3; // PMAPPROC_GETPORT as well as RPCBPROC_GETADDR
  private static final int LONGEST_ADDRESS = 128;

  private PortMapper() {}

  /** Over IPv4. */
  static Procedure<Integer> port(int program, int version, Transport transport) {
    return new Procedure<>(
        PROGRAM,
        2,
        GET,
        Optional.empty(),
        call -> call.number(program).number(version).number(transport.protocol()).number(0),
        PortMapper::port);
  }

  /**
   * Over IPv6.
   *
   * @param rpcbind version of the port mapper, 3 or 4
   * @param netid as {@code udp6}
   */
  static Procedure<Integer> address(int rpcbind, int program, int version, String netid) {
    return new Procedure<>(
        PROGRAM,
        rpcbind,
        GET,
        Optional.empty(),
        // The address and the owner do not matter.
        call -> call.number(program).number(version).text(netid).text("").text(""),
        PortMapper::portOfAddress);
  }

  private static int port(XdrReader in) throws MalformedReplyException {
    long port = in.unsigned();
    if (port > 0xffff) {
      throw new MalformedReplyException("port " + port);
    }
    return (int) port;
  }

  /** Of a universal address, whose last two numbers are the port's bytes (RFC 5665, 5.2.3). */
  private static int portOfAddress(XdrReader in) throws MalformedReplyException {
    String address = in.text(LONGEST_ADDRESS);
    if (address.isEmpty()) {
      return 0;
    }
    if (!address.matches(".+\\.[0-9]{1,3}\\.[0-9]{1,3}")) {
      throw new MalformedReplyException("an address without a port");
    }
    String[] numbers = address.split("\\.", -1);
    int high = Integer.parseInt(numbers[numbers.length - 2]);
    int low = Integer.parseInt(numbers[numbers.length - 1]);
    if (high > 0xff || low > 0xff) {
      throw new MalformedReplyException("an address without a port");
    }
    return high << 8 | low;
  }
}
