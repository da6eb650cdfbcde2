// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.OptionalLong;

/**
 * What has become of the helpers until now.
 *
 * @param pid the process of the one that is ready; empty if none is
 * @param started how many were ready once
 * @param ended how many ended, ready or not
 */
public record HelperState(OptionalLong pid, long started, long ended) {
  static final HelperState NONE = new HelperState(OptionalLong.empty(), 0, 0);

  HelperState withStarted(long process) {
    return new HelperState(OptionalLong.of(process), started + 1, ended);
  }

  HelperState withEnded() {
    return new HelperState(OptionalLong.empty(), started, ended + 1);
  }
}
