// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

/**
 * Whose usage a quota counts.
 *
 * <p>Source: USRQUOTA, GRPQUOTA and PRJQUOTA in {@code linux/quota.h}.
 */
public enum QuotaType {
  USER(0),
  GROUP(1),
  PROJECT(2);

  private final int number;

  QuotaType(int number) {
    this.number = number;
  }

  /** The kernel's number of this type. */
  public int number() {
    return number;
  }
}
