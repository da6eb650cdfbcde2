// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

/** Exit statuses: part of the public face, documented in README.md. */
final class ExitStatus {
  /** check: mail would be accepted; report: nobody's would be refused; daemon: ended on request. */
  static final int OK = 0;

  /** check: mail would be refused; report: somebody's; daemon: could not start. */
  static final int FAILURE = 1;

  /** Wrong options or arguments. */
  static final int USAGE = 2;

  /** check: there is no such user. */
  static final int NO_SUCH_USER = 3;

  /** check: nothing can be said; report: not of everybody. */
  static final int COULD_NOT_TELL = 4;

  /**
   * daemon: to be started again, because its helper is lost and it may not start another, or
   * because nobody finds its socket any more; EX_TEMPFAIL of sysexits.h.
   */
  static final int START_AGAIN = 75;

  private ExitStatus() {}
}
