// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import org.quotapolicy.quota.ResourceQuota;

/**
 * What a server says about one quota: struct rquota of rpcsvc/rquota.x.
 *
 * @param space usage and limits in bytes
 * @param inodes usage and limits in inodes
 */
record Numbers(ResourceQuota space, ResourceQuota inodes) {
  /** No server gives out space in larger blocks, in bytes. */
  static final long LARGEST_BLOCK = 1L << 30;

  /**
   * Reads it. Limits and usage of space are in blocks, whose size is told; 32 bits of them are less
   * than 2^62 bytes. Time left is signed, negative when it is over; 0 = no timer runs.
   *
   * <p>rq_active means nothing: rpc.rquotad sets it where nobody is held to limits, too.
   *
   * @param now seconds since the epoch
   */
  static Numbers read(XdrReader in, long now) throws MalformedReplyException {
    long block = in.unsigned();
    if (block == 0 || block > LARGEST_BLOCK) {
      throw new MalformedReplyException("a block size of " + block);
    }
    in.signed(); // rq_active
    long hardSpace = in.unsigned() * block;
    long softSpace = in.unsigned() * block;
    long usedSpace = in.unsigned() * block;
    long hardInodes = in.unsigned();
    long softInodes = in.unsigned();
    long usedInodes = in.unsigned();
    long spaceExpiry = moment(in.signed(), now);
    long inodeExpiry = moment(in.signed(), now);
    return new Numbers(
        new ResourceQuota(usedSpace, softSpace, hardSpace, spaceExpiry),
        new ResourceQuota(usedInodes, softInodes, hardInodes, inodeExpiry));
  }

  /** Never 0 if a timer runs, even where the clock stands near the epoch. */
  private static long moment(int left, long now) {
    return left == 0 ? 0 : Math.max(1, now + left);
  }
}
