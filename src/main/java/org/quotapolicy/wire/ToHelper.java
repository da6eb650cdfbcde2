// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import org.quotapolicy.quota.QuotaType;

/** What the daemon may ask. */
public sealed interface ToHelper {

  /** Chosen by the daemon; the reply carries it back. */
  int number();

  /**
   * Asks for an account and its quotas.
   *
   * @param number chosen by the daemon
   * @param scope which filesystems are asked
   * @param name user name, each byte as one char (ISO 8859-1); see {@link #isValidName}
   */
  record Lookup(int number, Scope scope, String name) implements ToHelper {
    public Lookup {
      if (!isValidName(name)) {
        throw new IllegalArgumentException("not a user name for a packet");
      }
    }

    /**
     * Whether a packet can carry this user name: 1 to 255 bytes, without NUL, LF, {@code /} and
     * {@code :}. No account has them in its name, so a name service need never see them.
     */
    public static boolean isValidName(String name) {
      for (int i = 0; i < name.length(); i++) {
        if (name.charAt(i) > 0xff || "\0\n/:".indexOf(name.charAt(i)) >= 0) {
          return false;
        }
      }
      return !name.isEmpty() && name.length() <= Packets.MAX_NAME;
    }
  }

  /**
   * Asks for a page of the quotas of one type on one filesystem.
   *
   * @param number chosen by the daemon
   * @param major major number of the filesystem's device, as in proc(5) mountinfo
   * @param minor its minor number
   * @param type whose quotas
   * @param first the least id that is of interest; an unsigned 32-bit number
   */
  record Next(int number, int major, int minor, QuotaType type, long first) implements ToHelper {}

  /** Asks for a sign of life. */
  record Ping(int number) implements ToHelper {}
}
