// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quotapolicy.cli.Finding.Entry;
import org.quotapolicy.cli.Finding.Outcome;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Verdict.Refuse;
import org.quotapolicy.verdict.Verdict.Refuse.Cause;

final class ReportTest {
  private static final long NOW = 1_790_000_000;
  private static final ResourceQuota SPACE =
      new ResourceQuota(10 << 20, 8 << 20, 10 << 20, NOW - 90_000);
  private static final ResourceQuota INODES = new ResourceQuota(7, 0, -1, NOW + 60);
  private static final Quota USER =
      new Quota(QuotaType.USER, 1001, QuotaState.ENFORCED, 0, SPACE, INODES);
  private static final Quota GROUP = Quota.failed(QuotaType.GROUP, 4294967294L, 1);
  private static final Mount MOUNT =
      new Mount(30, 1, 98, 16, "/", "/home", "ext4", "/dev/ubdb\u001b", "rw");

  private static Finding finding() {
    Refuse refuse = new Refuse(QuotaType.USER, 1001, Resource.SPACE, Cause.HARD_LIMIT, SPACE, 4096);
    UserQuotas account = new UserQuotas(1001, 100, "/home/j\u00c3\u00b6rg", List.of());
    Entry entry = new Entry(MOUNT, 98, 16, 4096, List.of("/home/bob/"), List.of(USER, GROUP));
    return new Finding(
        "j\u00c3\u00b6rg",
        0,
        Instant.ofEpochSecond(NOW),
        Outcome.REFUSE,
        refuse,
        account,
        List.of(entry));
  }

  private static String text(boolean isTerminal) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    new TextReport(finding(), new Terminal(isTerminal, '#', '-'), out).print();
    out.flush();
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void text_givesVerdictFirstThenFacts() {
    assertEquals(
        """
        j\u00f6rg: mail would be refused: user quota of id 1001: 10.0 MiB used, hard limit 10.0 MiB, 4.0 KiB needed
        uid 1001, gid 100, home /home/j\u00f6rg, message size not declared

        /home (ext4, /dev/ubdb?), holds the mailbox
          user 1001      space   10.0 MiB used, soft limit 8.0 MiB, hard limit 10.0 MiB, grace over since 1 d 1 h
                         inodes  7 inodes used, soft limit none, hard limit 18446744073709551615 inodes, grace 1 min left
          group 4294967294 not visible: EPERM
        """,
        text(false));
  }

  @Test
  void explanation_ofGraceExpired_saysWhoseGrace() {
    ResourceQuota space = new ResourceQuota(2 << 20, 1 << 20, 0, NOW - 1);
    assertEquals(
        "group quota of id 100: 2.0 MiB used, soft limit 1.0 MiB whose grace is over,"
            + " 4.0 KiB needed",
        Explanation.of(
            new Refuse(QuotaType.GROUP, 100, Resource.SPACE, Cause.GRACE_EXPIRED, space, 4096)));
  }

  @Test
  void explanation_withoutGrace_saysSo() {
    ResourceQuota space = new ResourceQuota(2 << 20, 2 << 20, 0, 0).withoutGrace(true);
    assertEquals(
        "user quota of id 7: 2.0 MiB used, soft limit 2.0 MiB without grace, 8.0 KiB needed",
        Explanation.of(
            new Refuse(QuotaType.USER, 7, Resource.SPACE, Cause.GRACE_EXPIRED, space, 8192)));
  }

  @Test
  void explanation_ofInodes_knowsOneFromMany() {
    ResourceQuota inodes = new ResourceQuota(1, 0, 1, 0);
    assertEquals(
        "user quota of id 7: 1 inode used, hard limit 1 inode, 2 inodes needed",
        Explanation.of(
            new Refuse(QuotaType.USER, 7, Resource.INODES, Cause.HARD_LIMIT, inodes, 2)));
  }

  @Test
  void textOnTerminal_hasBars() {
    assertTrue(text(true).contains("space   #################### 100 %  10.0 MiB used"));
  }

  @Test
  void json_hasTheDocumentedKeys() throws JsonParserException {
    JsonObject json = JsonParser.object().from(new JsonReport(finding()).text(List.of()));
    assertEquals("j\u00f6rg", json.getString("user"));
    assertEquals("refuse", json.getString("verdict"));
    assertEquals("hard-limit", json.getString("reason"));
    assertEquals("user", json.getString("quota_type"));
    assertEquals("space", json.getString("resource"));
    JsonObject filesystem = json.getArray("filesystems").getObject(0);
    assertEquals("/home", filesystem.getString("mount_point"));
    assertEquals("98:16", filesystem.getString("device"));
    assertTrue(filesystem.getBoolean("holds_mailbox"));
    assertEquals(List.of("/home/bob/"), filesystem.getArray("mailboxes"));
    assertEquals(4096, filesystem.getInt("block_size"));
    JsonObject user = filesystem.getArray("quotas").getObject(0);
    assertEquals("enforced", user.getString("state"));
    assertEquals(10 << 20, user.getObject("space").getLong("used_bytes"));
    assertEquals("2026-09-20T13:13:20Z", user.getObject("space").getString("grace_expiry"));
    assertEquals(
        new BigInteger("18446744073709551615"), user.getObject("inodes").get("hard_limit"));
    JsonObject group = filesystem.getArray("quotas").getObject(1);
    assertEquals(4294967294L, group.getLong("id"));
    assertEquals("unknown", group.getString("state"));
    assertEquals("EPERM", group.getString("error"));
  }

  @Test
  void jsonWithoutAccount_hasNulls() throws JsonParserException {
    Finding nobody = Finding.noSuchUser("x", 5, Instant.ofEpochSecond(NOW));
    JsonObject json = JsonParser.object().from(new JsonReport(nobody).text(List.of()));
    assertTrue(json.isNull("uid") && json.isNull("home") && json.isNull("resource"));
    assertEquals("no-such-user", json.getString("verdict"));
    assertEquals(5, json.getLong("size"));
  }
}
