// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

/** A text is not an action that may ever be sent; the message says why. */
public final class InvalidActionException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidActionException(String message) {
    super(message);
  }
}
