// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

/** The other side sent something that is not a packet of this version: it is broken or hostile. */
public final class MalformedPacketException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPacketException(String message) {
    super(message);
  }
}
