// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

/** What came is not policy delegation, or beyond all bounds: the connection cannot go on. */
public final class ProtocolViolationException extends Exception {
  private static final long serialVersionUID = 1L;

  ProtocolViolationException(String message) {
    super(message);
  }
}
