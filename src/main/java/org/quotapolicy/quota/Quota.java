// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

/**
 * What the kernel said about one id and one quota type on one filesystem.
 *
 * @param type whose usage it counts
 * @param id the uid, gid or project id; an unsigned 32-bit number
 * @param state whether the limits bind; the numbers mean nothing when it is OFF, FAILED or UNASKED
 * @param errno why it is FAILED, or why the kernel did not tell the id of what is UNASKED, a number
 *     of errno(3); 0 otherwise
 * @param space usage and limits in bytes
 * @param inodes usage and limits in inodes
 */
public record Quota(
    QuotaType type,
    long id,
    QuotaState state,
    int errno,
    ResourceQuota space,
    ResourceQuota inodes) {

  /** A quota without numbers: of a type that is off. */
  public static Quota off(QuotaType type, long id) {
    return new Quota(type, id, QuotaState.OFF, 0, ResourceQuota.NONE, ResourceQuota.NONE);
  }

  /** A quota without numbers: the kernel could not be asked. */
  public static Quota failed(QuotaType type, long id, int errno) {
    return new Quota(type, id, QuotaState.FAILED, errno, ResourceQuota.NONE, ResourceQuota.NONE);
  }

  /**
   * A project quota without a project.
   *
   * @param errno why the kernel could not tell which; 0 = it was not asked
   */
  public static Quota unasked(int errno) {
    return new Quota(
        QuotaType.PROJECT, 0, QuotaState.UNASKED, errno, ResourceQuota.NONE, ResourceQuota.NONE);
  }
}
