// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

/** What carries a call. */
enum Transport {
  UDP(17, "udp"),
  TCP(6, "tcp");

  private final int protocol;
  private final String netid;

  Transport(int protocol, String netid) {
    this.protocol = protocol;
    this.netid = netid;
  }

  /** The number of the protocol (IPPROTO_UDP, IPPROTO_TCP). */
  int protocol() {
    return protocol;
  }

  /** Its name for the port mapper (netconfig(5)); over IPv6 a 6 follows. */
  String netid() {
    return netid;
  }

  Transport other() {
    return this == UDP ? TCP : UDP;
  }
}
