// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

/** What a filesystem does with one type of quota. */
public enum QuotaState {
  /** Nothing is counted, so nothing can be refused. */
  OFF(0),
  /** Usage is counted, limits are kept, and nobody is held to them. */
  ACCOUNTED(1),
  /** Writes beyond the limits are refused. */
  ENFORCED(2),
  /** The kernel could not be asked. */
  FAILED(3),
  /** Writes beyond the limits are refused, and nobody could say whose these are. */
  UNASKED(4);

  private final int number;

  QuotaState(int number) {
    this.number = number;
  }

  /** The number of this state in a packet of the helper. */
  public int number() {
    return number;
  }
}
