// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivilegesTest {
  private static final String HELPER =
      """
      Name:\thelper-1
      Uid:\t990\t990\t990\t990
      Gid:\t990\t990\t990\t990
      Groups:\t
      CapInh:\t0000000000200000
      CapPrm:\t0000000000200000
      CapEff:\t0000000000200000
      CapBnd:\t0000000000200000
      CapAmb:\t0000000000200000
      NoNewPrivs:\t1
      """;

  private static void helper(String status) throws IOException {
    Privileges.requireSysAdminOnly(new ThreadStatus("7", status));
  }

  @Test
  void helper_sysAdminOnly_accepted() {
    assertDoesNotThrow(() -> helper(HELPER));
    String notInherited = HELPER.replaceAll("(CapInh|CapAmb):\t\\w+", "$1:\t0000000000000000");
    assertDoesNotThrow(() -> helper(notInherited));
  }

  @ParameterizedTest
  @CsvSource({
    "Uid,0\t0\t0\t0,runs as uid 0",
    "Uid,990\t990\t0\t990,runs as uid 0",
    "CapInh,0000000000200001,has CapInh 0000000000200001",
    "CapPrm,0000000000a00000,has CapPrm 0000000000a00000",
    "CapEff,000001ffffffffff,has CapEff 000001ffffffffff",
    "CapEff,0000000000000000,CAP_SYS_ADMIN is missing",
    "CapBnd,000001ffffffffff,has CapBnd 000001ffffffffff",
    "CapAmb,8000000000200000,has CapAmb 8000000000200000",
    "NoNewPrivs,0,'has NoNewPrivs 0, must be 1'",
  })
  void helper_moreOrLess_refused(String field, String value, String text) {
    String status = HELPER.replaceAll(field + ":\t[^\n]*", field + ":\t" + value);
    IOException refusal = assertThrows(IOException.class, () -> helper(status));
    assertTrue(String.valueOf(refusal.getMessage()).contains(text), refusal::toString);
  }

  @Test
  void status_fieldMissing_refused() {
    assertThrows(IOException.class, () -> helper(HELPER.replace("CapAmb", "CapXyz")));
    assertThrows(IOException.class, () -> helper("Name:\tx\nNoNewPrivs:\t1"));
  }

  @Test
  void status_ofThisProcess_oneForEachThread() throws IOException {
    assertTrue(ThreadStatus.ofAll().size() > 3);
    for (ThreadStatus thread : ThreadStatus.ofAll()) {
      assertFalse(thread.field("Uid").isEmpty());
    }
    assertEquals(ProcessHandle.current().pid(), Privileges.processId());
  }

  @Test
  void thisProcess_anOrdinaryOne_isNoHelper() {
    assertThrows(IOException.class, Privileges::requireSysAdminOnly);
  }
}
