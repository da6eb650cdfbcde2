// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LocalIdsTest {
  @Test
  void parse_passwd_isEachIdOnceInOrder() {
    String passwd =
        """
        root:x:0:0:root:/root:/bin/sh
        last:x:4294967294:1::/:/bin/sh
        alice:x:1000:1000::/home/alice:/bin/sh
        alias:x:1000:1000::/home/alice:/bin/sh
        nobodys:x:4294967295:1::/:/bin/sh
        +:::
        broken
        huge:x:99999999999:1::/:/bin/sh
        """;

    assertEquals(List.of(0L, 1000L, 4_294_967_294L), LocalIds.parse(passwd));
  }
}
