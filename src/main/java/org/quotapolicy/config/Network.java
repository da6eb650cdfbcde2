// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses that begin alike, as {@code 192.0.2.0/24}. Source: CIDR, RFC 4632; as in Postfix, no
 * bit may be set behind the prefix.
 *
 * @param address the first one
 * @param bits length of the prefix
 */
public record Network(InetAddress address, int bits) {

  /** Understands {@code ADDRESS} or {@code ADDRESS/BITS}; empty if it is neither. */
  static Optional<Network> parse(String text) {
    String[] parts = text.split("/", -1);
    return Addresses.parse(parts[0])
        .flatMap(
            address ->
                switch (parts.length) {
                  case 1 -> Optional.of(new Network(address, length(address)));
                  case 2 -> parse(address, parts[1]);
                  default -> Optional.empty();
                });
  }

  private static Optional<Network> parse(InetAddress address, String digits) {
    int bits = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
    return bits <= length(address)
        ? Optional.of(new Network(address, bits)).filter(Network::endsInZeros)
        : Optional.empty();
  }

  private boolean endsInZeros() {
    int zeros = new BigInteger(1, address.getAddress()).getLowestSetBit();
    return zeros < 0 || zeros >= length(address) - bits;
  }

  /** Whether it holds an address; never one of the other protocol family. */
  public boolean contains(InetAddress other) {
    return length(address) == length(other) && prefix(address).equals(prefix(other));
  }

  private BigInteger prefix(InetAddress whole) {
    return new BigInteger(1, whole.getAddress()).shiftRight(length(whole) - bits);
  }

  private static int length(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }
}
