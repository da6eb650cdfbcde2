// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

/** Bytes that are not the reply that they should be. */
final class MalformedReplyException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedReplyException(String message) {
    super(message);
  }
}
