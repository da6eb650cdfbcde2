// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import org.quotapolicy.quota.Quota;

/** How one question ends. */
sealed interface Outcome {

  /** The server said it, or there is nobody to say anything: OFF. */
  record Told(Quota quota) implements Outcome {}

  /**
   * It could not be told.
   *
   * @param reason one line, which names the server
   * @param errno stands for it where a quota has room for a number only
   */
  record Unknown(String reason, int errno) implements Outcome {
    // asm-generic/errno-base.h and errno.h
    private static final int EPERM = 1;
    private static final int EIO = 5;
    private static final int EAGAIN = 11;
    private static final int ETIMEDOUT = 110;

    static Unknown notPermitted(String reason) {
      return new Unknown(reason, EPERM);
    }

    static Unknown failed(String reason) {
      return new Unknown(reason, EIO);
    }

    static Unknown overload(String reason) {
      return new Unknown(reason, EAGAIN);
    }

    static Unknown silence(String reason) {
      return new Unknown(reason, ETIMEDOUT);
    }

    boolean isOverload() {
      return errno == EAGAIN;
    }
  }
}
