// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code quotapolicy status}, of a daemon whose control socket a group may open. */
class StatusOfDaemon {
  private static final Path SOCKET = Path.of("/run/quotapolicy/control.socket");

  private static final String FAMILIES =
      """
      import sys
      from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
      for family in parse(sys.stdin.read()):
          print(family.name, family.type)
      """;

  private static Daemon daemon;

  @BeforeAll
  static void start() {
    Guest.must("install -d -o quotapolicy -m 755 /run/quotapolicy; groupadd quota-admins");
    daemon =
        Daemon.direct(
            "--control-socket", SOCKET.toString(), "--admin-group", "quota-admins", "--timeout=3");
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static Guest.Result status(String option) {
    return Guest.run("quotapolicy", "status", option, "--control-socket", SOCKET.toString());
  }

  private static JsonObject json() {
    return Check.parse(status("--json"));
  }

  @Test
  void counts_areWhatWasAsked() {
    long before = json().getObject("answers").getLong("DUNNO");
    Policy.askOnce("alice", 0);
    Policy.askOnce("no-such-user", 0);
    for (String full : List.of("bob", "overhard", "graceover", "inodefull")) {
      Policy.askOnce(full, 0);
    }
    Policy.askOnce("bob", 1 << 30);
    JsonObject json = json();
    assertEquals(before + 2, json.getObject("answers").getLong("DUNNO"), json::toString);
    assertEquals(5, json.getObject("answers").getLong("DEFER_IF_PERMIT"), json::toString);
    assertEquals(daemon.pid(), json.getLong("pid"));
    assertEquals(daemon.helperPid(), json.getObject("helper").getLong("pid"));
    String metrics = status("--openmetrics").out();
    for (String line :
        List.of(
            "refusals_total{reason=\"space\",cause=\"hard_limit\",quota_type=\"user\"} 2",
            "refusals_total{reason=\"space\",cause=\"grace_expired\",quota_type=\"user\"} 1",
            "refusals_total{reason=\"inodes\",cause=\"hard_limit\",quota_type=\"user\"} 1",
            "refusals_total{reason=\"too_large\",cause=\"hard_limit\",quota_type=\"user\"} 1",
            "helper_up 1")) {
      assertTrue(metrics.contains("\nquotapolicy_" + line + "\n"), metrics);
    }
    assertTrue(metrics.endsWith("\n# EOF\n"));
    Guest.Result table = status("--config=/dev/null/none");
    assertTrue(table.out().contains("inodes, hard limit, user quota"), table::text);
  }

  /**
   * That of the client library of the Prometheus project, which refuses what is not OpenMetrics.
   */
  @Test
  void metrics_areReadByAParserThatIsNotOurs() {
    Policy.askOnce("bob", 0);
    Guest.must("cat >/run/families.py <<END\n" + FAMILIES + "END");
    String metrics = "quotapolicy status --openmetrics --control-socket " + SOCKET;
    String families = Guest.must(metrics + " | /usr/bin/python3 /run/families.py");
    for (String family :
        List.of(
            "requests counter",
            "answer_seconds histogram",
            "helper_up gauge",
            "build_info gauge")) {
      assertTrue(families.contains("quotapolicy_" + family + "\n"), families);
    }
    String cut = metrics + " | grep -v EOF | /usr/bin/python3 /run/families.py";
    assertNotEquals(0, Guest.sh(cut).status());
  }

  @Test
  void socket_isForRootAndTheGroupOnly() {
    assertEquals(
        "660 quotapolicy quota-admins", Guest.must("stat -c '%a %U %G' " + SOCKET).strip());
    String ask = " quotapolicy status --control-socket " + SOCKET;
    Guest.Result stranger = Guest.sh("setpriv --reuid alice --regid alice --clear-groups" + ask);
    assertEquals(4, stranger.status(), stranger::text);
    assertTrue(stranger.err().contains("Permission denied"), stranger::text);
    Guest.must("setpriv --reuid alice --regid alice --groups quota-admins" + ask);
  }

  @Test
  void clients_thatSayNothing_slowNoAnswer() throws IOException {
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      silent.add(SocketChannel.open(UnixDomainSocketAddress.of(SOCKET)));
    }
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      Policy.askOnce("alice", 0);
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    for (SocketChannel each : silent) {
      each.close();
    }
    assertTrue(millis < 5_000, millis + " ms for 50 answers");
  }

  /** Last by its name. */
  @Test
  void zzz_daemonThatHasEnded_isSaid() {
    assertEquals(0, daemon.stop());
    assertTrue(Guest.must("ls -A /run/quotapolicy").isEmpty());
    Guest.Result result = status("--json");
    assertEquals(4, result.status(), result::text);
    assertEquals("", result.out());
  }
}
