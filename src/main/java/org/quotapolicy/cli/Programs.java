// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What programs of the system say. They are asked each time, until the daemon may not start any
 * more; then what each said last stays.
 */
final class Programs {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Map<List<String>, String> said = new HashMap<>();
  private boolean over;

  /** What a program says, each byte as one char. */
  synchronized String output(List<String> words) throws IOException {
    Command command = new Command(words, LIMIT);
    if (!over) {
      said.put(words, command.output());
    }
    String output = said.get(words);
    if (output == null) {
      throw new IOException(
          command + " was not asked at the start, and cannot be asked now: restart the daemon");
    }
    return output;
  }

  /** From now on none is started. */
  synchronized void end() {
    over = true;
  }

  /** Whether what is said is what was said at the start. */
  synchronized boolean isOver() {
    return over;
  }
}
