// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code check --explain} says of real filesystems. */
class CheckExplain {
  @ParameterizedTest
  @CsvSource({
    "room,         0, /home (ext4, is kept",
    "nolimit,      0, /home (ext4, no hard limit",
    "overhard,     1, /home (ext4, would be passed: REFUSED",
    "graceover,    1, /home (ext4, grace over since",
    "softgrace,    0, /home (ext4, 'left, 2'",
    "xoverhard,    1, /srv/xfs (xfs, XFS wants room for",
    "unenforced,   0, /srv/unenforced (ext4, 'counted, not enforced'",
    "plain,        0, /srv/plain (ext4, no quota is enforced",
    "no-such-user, 3, knows no account no-such-user, DUNNO"
  })
  void explain_ofEachStatus_saysWhereAndWhy(String user, int status, String where, String why) {
    Guest.Result result = Check.run(user, "--explain");
    assertEquals(status, result.status(), result::text);
    assertTrue(result.out().contains("\n 1. "), result::text);
    assertTrue(result.out().contains(where), result::text);
    assertTrue(result.out().contains(why), result::text);
    assertTrue(result.out().contains("A daemon with this configuration answers: "), result::text);
  }

  @Test
  void explain_whereNothingIsPermitted_saysSo() {
    Guest.Result result = Check.runAs("alice", "room", "--explain");
    assertEquals(4, result.status(), result::text);
    assertTrue(
        result.out().contains(" 1. Of the account room nothing could be found out: not permitted"),
        result::text);
  }

  @Test
  void explain_ofAMailboxBehindALink_namesTheLink() {
    Guest.must("ln -sfn /home /srv/link");
    try {
      Guest.Result result = Check.run("room", "--explain", "--mailbox", "/srv/link/%u/");
      assertTrue(result.out().contains("/srv/link is a symbolic link to /home."), result::text);
      assertTrue(result.out().contains("mounted at /home (ext4"), result::text);
    } finally {
      Guest.must("rm /srv/link");
    }
  }

  /** The numbers of the steps are those of the JSON, to the byte. */
  @ParameterizedTest
  @CsvSource({"overhard, user", "xgraceover, user", "softgrace, user"})
  void explain_inJson_hasItsNumbers(String user, String type) {
    JsonObject check = Check.json(user, "--explain");
    List<String> steps = check.getArray("explanation").stream().map(String::valueOf).toList();
    JsonObject quota = Check.quota(Check.mailboxFilesystem(check), type);
    JsonObject space = quota.getObject("space");
    String line =
        steps.stream()
            .filter(step -> step.contains("quota of id " + quota.getLong("id") + ", space"))
            .findFirst()
            .orElse("");
    for (String key : List.of("used_bytes", "hard_limit_bytes", "soft_limit_bytes")) {
      long bytes = space.getLong(key);
      assertTrue(bytes == 0 || line.contains("(" + bytes + " bytes)"), key + ": " + steps);
    }
    String expiry = space.getString("grace_expiry");
    assertTrue(expiry == null || line.contains(expiry), steps::toString);
    assertEquals(
        check.getString("verdict").equals("refuse"), line.contains("REFUSED"), steps::toString);
  }

  @Test
  void check_withoutExplain_hasNoExplanation() {
    assertTrue(!Check.json("room").has("explanation"));
  }
}
