// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.util.List;
import java.util.stream.Stream;

/**
 * What came of messages at random.
 *
 * @param accepted that the kernel let be stored
 * @param refused that it did not
 * @param untold of which the daemon could not tell
 * @param inPieces that took a list of pieces
 * @param atOnce that were charged with the blocks that list theirs
 * @param disagreements a text for each
 */
record StoreTally(
    int accepted, int refused, int untold, int inPieces, int atOnce, List<String> disagreements) {
  static final StoreTally NONE = new StoreTally(0, 0, 0, 0, 0, List.of());

  StoreTally plus(StoreTally more) {
    return new StoreTally(
        accepted + more.accepted,
        refused + more.refused,
        untold + more.untold,
        inPieces + more.inPieces,
        atOnce + more.atOnce,
        Stream.concat(disagreements.stream(), more.disagreements.stream()).toList());
  }

  @Override
  public String toString() {
    return "%d cases, %d accepted, %d refused, %d could not be told, %d took a list of pieces,"
            .formatted(accepted + refused, accepted, refused, untold, inPieces)
        + " %d were charged with their list, %d disagreements"
            .formatted(atOnce, disagreements.size());
  }
}
