// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

/** What the daemon may ask. */
public sealed interface ToHelper {

  /** Chosen by the daemon; the reply carries it back. */
  int number();

  /**
   * Asks for an account and its quotas.
   *
   * @param number chosen by the daemon
   * @param name user name, each byte as one char (ISO 8859-1); 1 to 255 bytes, no NUL
   */
  record Lookup(int number, String name) implements ToHelper {
    public Lookup {
      if (!isValidName(name)) {
        throw new IllegalArgumentException("not a user name for a packet");
      }
    }

    /** Whether a packet can carry this user name. */
    public static boolean isValidName(String name) {
      return !name.isEmpty()
          && name.length() <= Packets.MAX_NAME
          && name.chars().allMatch(c -> c > 0 && c < 0x100);
    }
  }

  /** Asks for a sign of life. */
  record Ping(int number) implements ToHelper {}
}
