// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

/** A text does not say where mail is stored; the message says why. */
public final class InvalidMailboxException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidMailboxException(String message) {
    super(message);
  }
}
