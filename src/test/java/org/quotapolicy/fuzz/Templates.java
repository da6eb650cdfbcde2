// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.policy.InvalidActionException;

/** Actions that are known to be right. */
final class Templates {
  private Templates() {}

  static ActionTemplate of(String text) {
    try {
      return ActionTemplate.parse(text);
    } catch (InvalidActionException e) {
      throw new AssertionError(e);
    }
  }
}
