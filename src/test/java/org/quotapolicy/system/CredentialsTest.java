// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.kernel.ThreadStatus;

class CredentialsTest {
  private static final String DAEMON =
      """
      Name:\tjava
      Uid:\t1000\t1000\t1000\t1000
      Gid:\t100\t100\t100\t100
      Groups:\t4 100\s
      CapInh:\t0000000000000000
      CapPrm:\t0000000000000000
      CapEff:\t0000000000000000
      CapBnd:\t000001ffffffffff
      CapAmb:\t0000000000000000
      NoNewPrivs:\t1
      """;

  private static void daemon(String status) throws IOException {
    Credentials.requireUnprivileged(new ThreadStatus("7", status), 1000, 100, new long[] {100, 4});
  }

  @Test
  void daemon_unprivileged_accepted() {
    assertDoesNotThrow(() -> daemon(DAEMON));
  }

  @ParameterizedTest
  @CsvSource({
    "Uid,'1000\t1000\t0\t1000'",
    "Uid,'1000\t1000\t1000\t0'",
    "Gid,'100\t100\t0\t100'",
    "Groups,''",
    "Groups,'0 4 100'",
    "CapInh,0000000000200000",
    "CapPrm,0000000000000001",
    "CapEff,0000000000000001",
    "CapAmb,0000000000000001",
    "NoNewPrivs,0",
  })
  void daemon_anythingKept_refused(String field, String value) {
    String status = DAEMON.replaceAll(field + ":\t[^\n]*", field + ":\t" + value);
    IOException refusal = assertThrows(IOException.class, () -> daemon(status));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("thread 7 has " + field), refusal::toString);
  }

  @Test
  void becomeForGood_root_refused() {
    assertThrows(IOException.class, () -> Credentials.becomeForGood(0, 0));
  }
}
