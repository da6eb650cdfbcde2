// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Accounts} against getent(1), which asks the same name service by other code. */
class AccountsTest {

  @Test
  void byName_everyAccount_asGetentSays() throws Exception {
    List<String> lines = Getent.lines("passwd");
    assertTrue(lines.size() > 1, "getent lists no accounts");
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      Accounts.Reply expected =
          new Accounts.Reply.Found(Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[5]);
      assertEquals(expected, Accounts.byName(fields[0]), line);
    }
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
}
