// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Accounts} against getent(1), which asks the same name service by other code. */
class AccountsTest {

  @Test
  void byName_everyAccount_asGetentSays() throws Exception {
    List<String> lines = getent("passwd");
    assertTrue(lines.size() > 1, "getent lists no accounts");
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      Accounts.Reply expected =
          new Accounts.Reply.Found(Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[5]);
      assertEquals(expected, Accounts.byName(fields[0]), line);
    }
  }

  @Test
  void groupByName_everyGroup_asGetentSays() throws Exception {
    for (String line : getent("group")) {
      String[] fields = line.split(":", -1);
      Accounts.GroupReply expected = new Accounts.GroupReply.Found(Long.parseLong(fields[2]));
      assertEquals(expected, Accounts.groupByName(fields[0]), line);
    }
  }

  @Test
  void userName_everyAccount_theFirstOfThatId() throws Exception {
    Map<Long, String> first = firstNames("passwd");
    first.forEach((uid, name) -> assertEquals(Optional.of(name), Accounts.userName(uid)));
  }

  @Test
  void groupName_everyGroup_theFirstOfThatId() throws Exception {
    Map<Long, String> first = firstNames("group");
    first.forEach((gid, name) -> assertEquals(Optional.of(name), Accounts.groupName(gid)));
  }

  @ParameterizedTest
  @ValueSource(longs = {2_147_483_648L, 4_294_967_294L, 4_294_967_295L})
  void name_ofNobodysId_isEmpty(long id) {
    assertEquals(Optional.empty(), Accounts.userName(id));
    assertEquals(Optional.empty(), Accounts.groupName(id));
  }

  private static Map<Long, String> firstNames(String database) throws Exception {
    Map<Long, String> names = new HashMap<>();
    for (String line : getent(database)) {
      String[] fields = line.split(":", -1);
      names.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
    }
    assertEquals("root", names.get(0L));
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no-such-user", "root\0", "ROOT", "r\u00f6\u00f6t", "\u00ff\u00fe", " root"})
  void byName_noAccount_noSuchUser(String name) {
    assertEquals(new Accounts.Reply.NoSuchUser(), Accounts.byName(name));
  }

  @Test
  void byName_longestAndTooLong_noSuchUser() {
    assertEquals(new Accounts.Reply.NoSuchUser(), Accounts.byName("x".repeat(255)));
    assertEquals(new Accounts.Reply.NoSuchUser(), Accounts.byName("x".repeat(4095)));
    assertEquals(new Accounts.Reply.NoSuchUser(), Accounts.byName("x".repeat(4096)));
  }

  @Test
  void groupByName_noGroup_noSuchGroup() {
    assertEquals(new Accounts.GroupReply.NoSuchGroup(), Accounts.groupByName("no-such-group"));
  }

  @Test
  void byName_manyThreads_eachItsOwnAnswer() throws Exception {
    List<FutureTask<Integer>> tasks =
        List.of(
            threadThatAsks("root", new Accounts.Reply.Found(0, 0, "/root")),
            threadThatAsks("root", new Accounts.Reply.Found(0, 0, "/root")),
            threadThatAsks("no-such-user", new Accounts.Reply.NoSuchUser()));
    for (FutureTask<Integer> task : tasks) {
      assertEquals(200, task.get(30, TimeUnit.SECONDS));
    }
  }

  private static FutureTask<Integer> threadThatAsks(String name, Accounts.Reply expected) {
    FutureTask<Integer> task =
        new FutureTask<>(
            () -> {
              int asked = 0;
              for (; asked < 200; asked++) {
                assertEquals(expected, Accounts.byName(name));
              }
              return asked;
            });
    new Thread(task, "test").start();
    return task;
  }

  private static List<String> getent(String database) throws Exception {
    Process getent = new ProcessBuilder("getent", database).start();
    byte[] output = getent.getInputStream().readAllBytes();
    assertEquals(0, getent.waitFor());
    return new String(output, StandardCharsets.ISO_8859_1).lines().toList();
  }
}
