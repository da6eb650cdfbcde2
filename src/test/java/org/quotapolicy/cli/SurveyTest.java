// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.quotapolicy.helperclient.PageResult;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;

/** Reading a filesystem, and what is printed of it. */
final class SurveyTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);
  private static final Mount HOME =
      new Mount(30, 1, 98, 16, "/", "/home", "ext4", "/dev/sdb1\u001b", "rw");
  private static final long MIB = 1 << 20;
  private static final List<Quota> USERS =
      List.of(
          user(1000, space(MIB / 2, 0, MIB)),
          user(1001, space(MIB, 0, MIB)),
          user(1002, space(950 << 10, 0, MIB)),
          user(1003, space(2 * MIB, MIB, 8 * MIB, -90_000)),
          user(1004, space(2 * MIB, MIB, 8 * MIB, 90_000)),
          user(1005, space(MIB, 0, 0)),
          new Quota(
              QuotaType.USER,
              3_000_000_000L,
              QuotaState.ENFORCED,
              0,
              space(0, 0, 0),
              new ResourceQuota(10, 0, 10, 0)));

  private final List<String> asked = new ArrayList<>();

  private static ResourceQuota space(long usage, long soft, long hard) {
    return new ResourceQuota(usage, soft, hard, 0);
  }

  private static ResourceQuota space(long usage, long soft, long hard, long left) {
    return new ResourceQuota(usage, soft, hard, NOW.getEpochSecond() + left);
  }

  private static Quota user(long id, ResourceQuota space) {
    return new Quota(QuotaType.USER, id, QuotaState.ENFORCED, 0, space, ResourceQuota.NONE);
  }

  /** Users in pages of two, groups accounted, projects off. */
  private PageResult page(Mount mount, QuotaType type, long first) {
    asked.add(type.word() + " " + first);
    return new PageResult.Listed(
        switch (type) {
          case USER -> users(first);
          case GROUP -> new QuotaPage(type, QuotaState.ACCOUNTED, 0, List.of(), QuotaPage.END);
          case PROJECT -> QuotaPage.off(type);
        });
  }

  private static QuotaPage users(long first) {
    List<Quota> two = USERS.stream().filter(q -> q.id() >= first).limit(2).toList();
    long next = two.size() < 2 ? QuotaPage.END : two.get(1).id() + 1;
    return new QuotaPage(QuotaType.USER, QuotaState.ENFORCED, 0, two, next);
  }

  private static ReportSummary read(QuotaSource source, int above, ReportOutput output)
      throws Exception {
    Need need = Need.ofMessage(0);
    ReportSummary total = new ReportSummary();
    total.add(new Survey(source, HOME, 4096, need, above / 100.0, NOW, output).read(false));
    output.finish(total);
    return total;
  }

  private static IdNames names() {
    return new IdNames(
        id -> id == 1001 ? Optional.of("j\u00c3\u00b6rg") : Optional.empty(),
        id -> Optional.empty(),
        Duration.ofSeconds(10));
  }

  private static String table(QuotaSource source, int above, int columns) throws Exception {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Terminal terminal = new Terminal(false, '#', '-');
    read(source, above, new ReportTable(terminal, columns, names(), above, NOW, out));
    return text.toString()
        .replace(System.lineSeparator(), "\n")
        .replaceAll("read in [0-9.]+ s", "read in N s");
  }

  @Test
  void read_goesFromPageToPage_andNotOnWhereNothingIsEnforced() throws Exception {
    read(
        this::page,
        90,
        new ReportTable(new Terminal(false, '#', '-'), 80, names(), 90, NOW, sink()));
    assertEquals(
        List.of("user 0", "user 1002", "user 1004", "user 1006", "group 0", "project 0"), asked);
  }

  /** Mail for root is stored, however much he uses; the same numbers of a group do refuse. */
  @Test
  void root_passesHisQuota_andIsNotRefused() throws Exception {
    for (QuotaType full : List.of(QuotaType.USER, QuotaType.GROUP)) {
      Quota quota =
          new Quota(full, 0, QuotaState.ENFORCED, 0, space(MIB, 0, MIB), ResourceQuota.NONE);
      QuotaPage page = new QuotaPage(full, QuotaState.ENFORCED, 0, List.of(quota), QuotaPage.END);
      String table =
          table(
              (mount, type, first) ->
                  new PageResult.Listed(type == full ? page : QuotaPage.off(type)),
              90,
              120);
      assertTrue(table.contains("100 %"), table);
      assertEquals(full == QuotaType.GROUP, table.contains("refused: hard limit"), table);
    }
  }

  private static PrintWriter sink() {
    return new PrintWriter(new StringWriter());
  }

  @Test
  void table_wide_showsTheFullestFirst() throws Exception {
    assertEquals(
        """
        /home (ext4, /dev/sdb1?)
          type name       what                                     used soft limit hard limit
          user 1003       space  ####################  200 %    2.0 MiB    1.0 MiB    8.0 MiB  refused: grace over
          user j\u00f6rg       space  ####################  100 %    1.0 MiB       none    1.0 MiB  refused: hard limit
          user 3000000000 inodes ####################  100 %         10       none         10  refused: hard limit
          user 1002       space  ##################--   92 %  950.0 KiB       none    1.0 MiB
          3 would be refused mail now; 1 more at 90 % of a limit or above
          7 ids read in N s (7 user); group quotas not enforced; project quotas off
        """,
        table(this::page, 90, 120));
  }

  @Test
  void table_onAUsualTerminal_hasOneLimitAndAShortBar() throws Exception {
    String table = table(this::page, 0, 80);
    assertEquals(
        """
          type name       what                      used      limit
          user 1003       space  #####  200 %    2.0 MiB    1.0 MiB  refused: grace over
        """,
        table.lines().skip(1).limit(2).map(line -> line + "\n").reduce("", String::concat));
    assertTrue(table.contains("2.0 MiB    8.0 MiB  grace 1 d 1 h left"), table);
    assertTrue(table.contains("3 would be refused mail now; 3 more with a limit"), table);
    assertTrue(table.lines().limit(9).allMatch(line -> line.length() <= 80), table);
  }

  @Test
  void table_ofNobody_saysSo() throws Exception {
    QuotaSource nobody =
        (mount, type, first) ->
            new PageResult.Listed(
                new QuotaPage(type, QuotaState.ENFORCED, 0, List.of(), QuotaPage.END));
    assertTrue(
        table(nobody, 90, 80)
            .contains("nobody would be refused mail now; nobody at 90 % of a limit or above"));
    QuotaSource off = (mount, type, first) -> new PageResult.Listed(QuotaPage.off(type));
    assertEquals("no local filesystem has quotas switched on\n", table(off, 90, 80));
  }

  @Test
  void table_whatCannotBeListed_saysWhy() throws Exception {
    QuotaSource old =
        (mount, type, first) ->
            type == QuotaType.USER
                ? new PageResult.Listed(QuotaPage.failed(type, 38))
                : page(mount, type, first);
    String table = table(old, 90, 80);
    assertTrue(
        table.contains("  could not tell: user quotas of /home: cannot be listed (ENOSYS)"), table);
    assertEquals(ExitStatus.COULD_NOT_TELL, status(old));
  }

  /** Else each type would be waited for. */
  @Test
  void read_filesystemThatIsSilent_isNotAskedAgain() throws Exception {
    QuotaSource silent =
        (mount, type, first) -> {
          asked.add(type.word());
          return new PageResult.CouldNotTell("helper did not answer within 10 s");
        };
    assertEquals(ExitStatus.COULD_NOT_TELL, status(silent));
    assertEquals(List.of("user"), asked);
  }

  @Test
  void status_somebodyIsRefused_winsOverCouldNotTell() throws Exception {
    QuotaSource both =
        (mount, type, first) ->
            type == QuotaType.GROUP
                ? new PageResult.CouldNotTell("no answer")
                : page(mount, type, first);
    assertEquals(ExitStatus.FAILURE, status(both));
  }

  private static int status(QuotaSource source) throws Exception {
    Terminal terminal = new Terminal(true, '#', '-');
    return read(source, 90, new ReportTable(terminal, 80, names(), 90, NOW, sink())).exitStatus();
  }

  @Test
  void tableOnTerminal_isColored_elsewhereNot() throws Exception {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    read(this::page, 90, new ReportTable(new Terminal(true, '#', '-'), 80, names(), 90, NOW, out));
    assertTrue(text.toString().contains("\u001b[31m  user 1003"), text.toString());
    assertEquals(-1, table(this::page, 90, 80).indexOf('\u001b'));
  }

  @Test
  void json_hasTheDocumentedKeys() throws Exception {
    JsonObject json = json(this::page, 90);
    assertEquals(90, json.getInt("above_percent"));
    assertTrue(json.getBoolean("complete"));
    assertEquals(3, json.getInt("refused"));
    assertEquals(1, json.getInt("near"));
    assertEquals(0, json.getArray("problems").size());
    JsonObject home = json.getArray("filesystems").getObject(0);
    assertEquals("/home", home.getString("mount_point"));
    assertEquals("98:16", home.getString("device"));
    assertEquals(4096, home.getInt("block_size"));
    assertEquals(7, home.getInt("ids_read"));
    assertTrue(home.getDouble("seconds") >= 0);
    JsonObject user = home.getArray("types").getObject(0);
    assertEquals("enforced", user.getString("state"));
    assertEquals(7, user.getInt("ids_read"));
    JsonObject joerg = home.getArray("ids").getObject(0);
    assertEquals("user", joerg.getString("type"));
    assertEquals(1001, joerg.getLong("id"));
    assertEquals("j\u00f6rg", joerg.getString("name"));
    assertEquals(100.0, joerg.getDouble("percent"));
    assertEquals("space", joerg.getString("resource"));
    assertEquals("refuse", joerg.getString("verdict"));
    assertEquals("hard-limit", joerg.getString("reason"));
    assertEquals(MIB, joerg.getObject("space").getLong("hard_limit_bytes"));
    JsonObject near = home.getArray("ids").getObject(1);
    assertEquals("accept", near.getString("verdict"));
    assertTrue(near.isNull("reason") && near.isNull("name"));
    assertEquals(92.7, near.getDouble("percent"));
  }

  @Test
  void json_ofNothing_isWhole() throws Exception {
    QuotaSource off = (mount, type, first) -> new PageResult.Listed(QuotaPage.off(type));
    assertEquals(0, json(off, 90).getArray("filesystems").size());
  }

  private static JsonObject json(QuotaSource source, int above) throws Exception {
    StringWriter text = new StringWriter();
    read(source, above, new ReportJson(0, 0, above, NOW, names(), new PrintWriter(text)));
    try {
      return JsonParser.object().from(text.toString());
    } catch (JsonParserException e) {
      throw new AssertionError(text.toString(), e);
    }
  }

  /** More rows than a table keeps: the fullest stay. */
  @Test
  void table_ofVeryMany_keepsTheFullest() throws Exception {
    long count = ReportTable.MOST_ROWS + 10L;
    StringWriter text = new StringWriter();
    ReportTable table =
        new ReportTable(new Terminal(false, '#', '-'), 80, names(), 0, NOW, new PrintWriter(text));
    ReportSummary summary = new ReportSummary();
    table.begin(HOME, 4096);
    LongStream.rangeClosed(1, count)
        .mapToObj(id -> user(id, space(id * 4096, 0, count * 4096)))
        .forEach(quota -> table.row(row(quota)));
    table.end(summary);
    table.finish(summary);
    assertTrue(text.toString().contains("and 10 that are less full"));
    assertTrue(text.toString().contains("user " + count + " "));
    assertNotEquals(-1, text.toString().indexOf("user 11 "));
    assertEquals(-1, text.toString().indexOf("user 10 "));
  }

  private static ReportRow row(Quota quota) {
    Share share = Share.of(quota, FilesystemType.GENERIC, NOW);
    return new ReportRow(quota, share, null);
  }
}
