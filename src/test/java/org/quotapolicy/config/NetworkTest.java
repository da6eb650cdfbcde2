// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.0, true",
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.0/24, 192.0.1.255, false",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.128/25, 192.0.2.128, true",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "192.0.2.7/32, 192.0.2.7, true",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "0.0.0.0, 192.0.2.7, false",
    "::/0, 2001:db8::1, true",
    "::/0, 192.0.2.7, false",
    "::1, ::1, true",
    "::1, ::2, false",
    "2001:db8::/33, 2001:db8:7fff:ffff:ffff:ffff:ffff:ffff, true",
    "2001:db8::/33, 2001:db8:8000::, false",
    "255.0.0.0/8, 255.1.2.3, true",
    // What a socket for both families calls a peer of IPv4.
    "192.0.2.0/24, ::ffff:192.0.2.9, true",
  })
  void address_isInside_orNot(String network, String address, boolean inside) throws Exception {
    assertEquals(
        inside, Network.parse(network).orElseThrow().contains(InetAddress.getByName(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.1/8",
        "10.0.0.0/4",
        "2001:db8::1/64",
        "2001:db8::/129",
        "10",
        "10.0.0",
        "10.0.0.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "0x7f.0.0.1",
        "10.0.0.1.",
        "2001:db8",
        "1:2:3:4:5:6:7:8:9",
        ":::",
        "[::1]",
        "fe80::1%lo",
        "localhost",
        "postfix.example",
        "10.0.0.0 /8",
      })
  void text_thatIsNoNetwork_isNone(String text) {
    assertTrue(Network.parse(text).isEmpty(), text);
  }

  @ParameterizedTest
  @CsvSource({
    "inet:127.0.0.1:10040, 127.0.0.1, 10040",
    "inet:0.0.0.0:1, 0.0.0.0, 1",
    "inet:[::1]:65535, ::1, 65535",
    "inet:[::]:25, ::, 25",
  })
  void listen_inPostfixsForm_isUnderstood(String text, String host, int port) throws Exception {
    var address = Addresses.parseListen(text).orElseThrow();
    assertEquals(InetAddress.getByName(host), address.getAddress());
    assertEquals(port, address.getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1:10040",
        "inet:127.0.0.1",
        "inet:10040",
        "inet::10040",
        "inet:127.0.0.1:0",
        "inet:127.0.0.1:65536",
        "inet:127.0.0.1:http",
        "inet:localhost:10040",
        "inet:::1:10040",
        "inet:[127.0.0.1]:10040",
        "inet:[::1]10040",
        "inet:[]:10040",
        "unix:/run/x",
      })
  void listen_inAnyOtherForm_isNot(String text) {
    assertTrue(Addresses.parseListen(text).isEmpty(), text);
  }
}
