// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotapolicy.kernel.Getent;
import org.quotapolicy.kernel.Scratch;

/** {@link NameService} against getent(1). */
class NameServiceTest {
  @Test
  void groupByName_everyGroup_asGetentSays() throws Exception {
    for (String line : Getent.lines("group")) {
      String[] fields = line.split(":", -1);
      NameService.GroupReply expected = new NameService.GroupReply.Found(Long.parseLong(fields[2]));
      assertEquals(expected, NameService.groupByName(fields[0]), line);
    }
  }

  @Test
  void userName_everyAccount_theFirstOfThatId() throws Exception {
    Map<Long, String> first = firstNames("passwd");
    first.forEach((uid, name) -> assertEquals(Optional.of(name), NameService.userName(uid)));
  }

  @Test
  void groupName_everyGroup_theFirstOfThatId() throws Exception {
    Map<Long, String> first = firstNames("group");
    first.forEach((gid, name) -> assertEquals(Optional.of(name), NameService.groupName(gid)));
  }

  @ParameterizedTest
  @ValueSource(longs = {2_147_483_648L, 4_294_967_294L, 4_294_967_295L})
  void name_ofNobodysId_isEmpty(long id) {
    assertEquals(Optional.empty(), NameService.userName(id));
    assertEquals(Optional.empty(), NameService.groupName(id));
  }

  private static Map<Long, String> firstNames(String database) throws Exception {
    Map<Long, String> names = new HashMap<>();
    for (String line : Getent.lines(database)) {
      String[] fields = line.split(":", -1);
      names.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
    }
    assertEquals("root", names.get(0L));
    return names;
  }

  @Test
  void groupByName_noGroup_noSuchGroup() {
    assertEquals(
        new NameService.GroupReply.NoSuchGroup(), NameService.groupByName("no-such-group"));
  }

  @Test
  void structs_leaveRoomForTheResultBehindThem() {
    assertTrue(Headers.pwd.passwd.SIZE <= NameService.RESULT);
    assertTrue(Headers.grp.group.SIZE <= NameService.RESULT);
    int capacity = Scratch.ofThread().struct.fields().capacity();
    assertTrue(NameService.RESULT + Long.BYTES <= capacity);
  }
}
