// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Postfix in a network namespace of its own, as in a container, asks the daemon outside by TCP.
 *
 * <p>The namespace has two addresses, of which one is allowed.
 */
class TcpListener {
  private static final String SERVICE = "inet:10.9.0.1:10040";
  private static final String ALLOWED = "10.9.0.2";
  private static final String STRANGER = "10.9.0.3";

  /** Connects from an address, asks, and prints what comes until the end. */
  private static final String ASK =
      "perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(PeerAddr => \"10.9.0.1:10040\","
          + " LocalAddr => $ARGV[0], Timeout => 10) or die \"$@\"; $SIG{PIPE} = \"IGNORE\";"
          + " print $s \"request=smtpd_access_policy\\nrecipient=bob\\@lab.example\\n\\n\";"
          + " shutdown($s, 1); alarm 10; print while <$s>' ";

  private static Daemon daemon;

  @BeforeAll
  static void start() {
    Guest.must(
        "insmod /usr/lib/uml/modules/$(uname -r)/kernel/drivers/net/veth.ko;"
            + " ip netns add mail && ip link add outer type veth peer name inner netns mail &&"
            + " ip addr add 10.9.0.1/24 dev outer && ip link set outer up &&"
            + " ip -n mail addr add 10.9.0.2/24 dev inner &&"
            + " ip -n mail addr add 10.9.0.3/24 dev inner &&"
            + " ip -n mail link set inner up && ip -n mail link set lo up");
    daemon = Daemon.direct("--listen", SERVICE, "--allow-peer", ALLOWED + "/32");
    Guest.must(
        "POLICY_SERVICE=" + SERVICE + " ip netns exec mail /lab/repo/src/test/lab/start-postfix");
  }

  @AfterAll
  static void stop() {
    Guest.must("ip netns exec mail postfix stop");
    daemon.close();
    Guest.must("ip netns delete mail");
  }

  private static Guest.Result swaks(String recipient) {
    return Guest.sh(
        "ip netns exec mail swaks --server 127.0.0.1 --from alice@lab.example --quit-after RCPT"
            + " --to "
            + recipient);
  }

  @Test
  void postfix_inOtherNamespace_isToldWhoIsFull() {
    assertEquals(0, swaks("alice@lab.example").status());
    Guest.Result refused = swaks("bob@lab.example");
    assertEquals(24, refused.status(), refused::text);
    assertTrue(refused.text().contains("450 4.2.2 <bob@lab.example>"), refused::text);
    assertTrue(Guest.must("ss -tn").contains(" " + ALLOWED + ":"));
  }

  @Test
  void policySocket_isServedBesides() {
    assertTrue(Policy.askOnce("bob", 0).action().startsWith("DEFER_IF_PERMIT 4.2.2 "));
  }

  @Test
  void peer_thatIsNotAllowed_getsNothing() {
    assertEquals(
        "action=DEFER_IF_PERMIT 4.2.2 Mailbox is full, please try again later\n\n",
        Guest.must("ip netns exec mail " + ASK + ALLOWED));
    Guest.Result stranger = Guest.sh("ip netns exec mail " + ASK + STRANGER);
    assertEquals("", stranger.out(), stranger::text);
    assertTrue(
        daemon.log().contains("connection closed: peer /" + STRANGER + ":"), () -> daemon.log());
    assertFalse(daemon.log().contains("peer /" + ALLOWED), () -> daemon.log());
  }

  @Test
  void start_withoutPeersOrOnReservedPort_fails() {
    assertFails(2, "say which may by --allow-peer", "--listen", "inet:10.9.0.1:10041");
    assertFails(
        1,
        "--listen inet:127.0.0.1:600: Permission denied; root is given up before",
        "--homedir",
        "/run/second",
        "--listen",
        "inet:127.0.0.1:600");
  }

  private static void assertFails(int status, String message, String... options) {
    Guest.must("install -d -o quotapolicy -g postfix -m 750 /run/second");
    // Not closed: that would remove the socket of the first.
    Daemon second = Daemon.tryDirect(options);
    assertEquals(status, second.awaitEnd(Duration.ofSeconds(20)), second::log);
    assertTrue(second.log().contains(message), second::log);
  }
}
