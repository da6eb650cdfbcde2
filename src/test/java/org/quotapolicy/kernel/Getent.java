// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** getent(1), which asks the same name service by other code. */
public final class Getent {
  private Getent() {}

  /** All that it lists of a database. */
  public static List<String> lines(String database) throws Exception {
    Process getent = new ProcessBuilder("getent", database).start();
    byte[] output = getent.getInputStream().readAllBytes();
    assertEquals(0, getent.waitFor());
    return new String(output, StandardCharsets.ISO_8859_1).lines().toList();
  }
}
