// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Internet addresses as they are written. No name is looked up. */
final class Addresses {
  private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
  private static final Pattern LISTEN =
      Pattern.compile("inet:(?:\\[(.*:.*)]|([^:]*)):([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  private Addresses() {}

  /** An address in digits; empty if it is none. */
  static Optional<InetAddress> parse(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** {@code inet:ADDRESS:PORT}, an IPv6 address in brackets; empty if it is anything else. */
  static Optional<InetSocketAddress> parseListen(String text) {
    Matcher parts = LISTEN.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(parts.group(3));
    String address = parts.group(1) != null ? parts.group(1) : parts.group(2);
    return port == 0 || port > MAX_PORT
        ? Optional.empty()
        : parse(address).map(host -> new InetSocketAddress(host, port));
  }
}
