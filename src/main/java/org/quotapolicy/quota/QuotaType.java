// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

/**
 * Whose usage a quota counts.
 *
 * <p>Source: USRQUOTA, GRPQUOTA and PRJQUOTA in {@code linux/quota.h}.
 */
public enum QuotaType {
  USER(0, "user"),
  GROUP(1, "group"),
  PROJECT(2, "project");

  private final int number;
  private final String word;

  QuotaType(int number, String word) {
    this.number = number;
    this.word = word;
  }

  /** The kernel's number of this type. */
  public int number() {
    return number;
  }

  /** Its name in a sentence. */
  public String word() {
    return word;
  }
}
