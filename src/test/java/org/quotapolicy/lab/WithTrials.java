// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Cases that share {@link StoreTrials}, new for each class. */
abstract class WithTrials {
  static StoreTrials trials;

  @BeforeAll
  static void start() {
    trials = new StoreTrials();
  }

  @AfterAll
  static void stop() {
    trials.close();
  }
}
