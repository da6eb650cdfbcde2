// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.util.ArrayList;
import java.util.List;

/** Options that nothing can be started with. */
public final class InvalidConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> problems;

  InvalidConfigException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = new ArrayList<>(problems);
  }

  /** All of them, one line each, beginning with the name of the option. */
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
