// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotapolicy.lab.StoreDisk.Kind;

/**
 * Random filesystems, quota types, limits, usage, timers and sizes: the daemon is asked, then a
 * process with the user's ids really stores the message, and both must say the same.
 *
 * <p>Each round is a new filesystem. The message that is stored has the declared size plus what
 * delivery is taken to add; there is no other tolerance. The directory has room for the name, so
 * that it does not grow. Could-not-tell is right in one case alone: an mbox that only its owner may
 * read, on an ext4 that enforces project quota, and no list of projects.
 *
 * <p>One difference is stated: on an ext4 without delayed allocation (data=journal) a file that
 * comes to more than four pieces takes a block for their list, which nobody can foresee: an mbox,
 * and with Linux 7.3 a new file, too. It counts as such only if with limits that are one block
 * higher the message can be stored, and takes that block.
 *
 * <p>And one: where there is no grace, and fs/ext2 has mounted an ext2, not ext4 as on most hosts,
 * the last block may bring with it those that list it, since all are charged at once. It counts as
 * such only if the message ends in a block that no other had to be listed before.
 */
class RandomStores extends WithTrials {
  private static final int ROUNDS = Integer.getInteger("lab.rounds", 32);
  private static final List<Kind> KINDS = kinds();

  /**
   * Each kind at least once, in random order; those that need a newer kernel have classes of their
   * own.
   */
  private static List<Kind> kinds() {
    List<Kind> all = Stream.of(Kind.values()).filter(kind -> !kind.needsNewKernel()).toList();
    List<Kind> kinds = new ArrayList<>(all);
    SplittableRandom random = new SplittableRandom(StoreTrials.SEED);
    while (kinds.size() < ROUNDS) {
      kinds.add(all.get(random.nextInt(all.size())));
    }
    Collections.shuffle(kinds, new Random(StoreTrials.SEED));
    return kinds.subList(0, ROUNDS);
  }

  static IntStream rounds() {
    return IntStream.range(0, ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void message_atRandom_isJudgedAsTheKernelDoes(int number) {
    trials.run(KINDS.get(number), number);
  }
}
