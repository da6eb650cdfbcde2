// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts see of {@code quotapolicy check}. */
class CheckExitStatuses {
  @ParameterizedTest
  @CsvSource({
    "room,     0,    0",
    "overhard, 0,    1",
    "exactfit, 7168, 0",
    "exactfit, 7169, 1",
    "no-such-user, 0, 3"
  })
  void check_asRoot_saysTheVerdict(String user, long size, int status) {
    Guest.Result result = Check.run(user, "--size", Long.toString(size));
    assertEquals(status, result.status(), result::text);
    assertTrue(result.text().contains(user), result::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "room --size many", "room --size -1", "room alice", "room --bogus"})
  void check_misused_isAUsageError(String arguments) {
    Guest.Result result = Guest.sh("quotapolicy check " + arguments);
    assertEquals(2, result.status(), result::text);
  }

  @ParameterizedTest
  @CsvSource({"room, 0", "overhard, 1", "graceover, 1", "xroom, 0"})
  void check_ofHimself_needsNoPrivilege(String user, int status) {
    Guest.Result result = Check.runAs(user, user);
    assertEquals(status, result.status(), result::text);
  }

  @Test
  void check_ofAnotherByAUser_isNotPermitted() {
    Guest.Result result = Check.runAs("alice", "room");
    assertEquals(4, result.status(), result::text);
    assertTrue(result.text().contains("not permitted"), result::text);
  }

  /** The daemon's user may ask through the sudo rule, and only through it. */
  @Test
  void check_byTheDaemonsUser_needsTheSudoRule() {
    Guest.Result allowed = Check.runAs(Daemon.USER, "overhard");
    assertEquals(1, allowed.status(), allowed::text);
    Guest.must("mv /etc/sudoers.d/quotapolicy /run/lab/");
    try {
      Guest.Result refused = Check.runAs(Daemon.USER, "overhard");
      assertEquals(4, refused.status(), refused::text);
    } finally {
      Guest.must("mv /run/lab/quotapolicy /etc/sudoers.d/");
    }
  }

  @Test
  void check_withSocket_printsTheRawAnswer() {
    try (Daemon daemon = Daemon.direct()) {
      assertTrue(daemon.isAlive());
      Guest.Result accepted = Check.run("room", "--socket", Daemon.SOCKET.toString());
      Guest.Result refused = Check.run("overhard", "--socket", Daemon.SOCKET.toString());

      assertEquals("action=DUNNO\n", accepted.out(), accepted::text);
      assertEquals(0, accepted.status(), accepted::text);
      assertTrue(refused.out().matches("action=DEFER_IF_PERMIT 4\\.2\\.2 .+\n"), refused::text);
      assertEquals(1, refused.status(), refused::text);
    }
  }

  @Test
  void check_withSocketOfNobody_couldNotTell() {
    Guest.Result result = Check.run("room", "--socket", "/run/lab/no.socket");
    assertEquals(4, result.status(), result::text);
    assertEquals("", result.out());
  }
}
