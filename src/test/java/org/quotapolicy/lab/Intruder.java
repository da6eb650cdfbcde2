// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The attacker's code in src/test/lab/intruder.c, as a source of the name service, until closed:
 * each JVM that is started meanwhile and asks for a user has it inside.
 */
final class Intruder implements AutoCloseable {
  private static final String SOURCE = "/lab/repo/src/test/lab/intruder.c";

  /** Also becomes programs to which some system calls are not there. */
  static final String PROGRAM = "/run/lab-intruder";

  private static final String LIBRARY = "/lib/x86_64-linux-gnu/libnss_intruder.so.2";

  /** Compiles it and lets the name service know it, before all other sources. */
  Intruder() {
    String compile = "cc -O1 -Wall -Wextra -Werror " + SOURCE;
    Guest.must(compile + " -o " + PROGRAM);
    Guest.must(compile + " -shared -fPIC -o " + LIBRARY);
    Guest.must("sed -i 's/^passwd:/& intruder/' /etc/nsswitch.conf");
  }

  /** What comes of its attempts in a process: the name of an errno, or "done". */
  static Map<String, String> attemptsIn(long pid) {
    return attemptsIn(pid, "");
  }

  /** The same, of those attempts whose name starts so. */
  static Map<String, String> attemptsIn(long pid, String start) {
    Map<String, String> outcomes = new LinkedHashMap<>();
    for (String line : Guest.must(PROGRAM + " " + pid + " '" + start + "'").lines().toList()) {
      String[] words = line.split(": ", 2);
      outcomes.put(words[0], words[1]);
    }
    assertFalse(outcomes.isEmpty());
    return outcomes;
  }

  /** What came of one of them, which must be known. */
  static String outcome(Map<String, String> outcomes, String attempt) {
    String outcome = outcomes.get(attempt);
    assertNotNull(outcome, () -> attempt + " is not in " + outcomes.keySet());
    return outcome;
  }

  @Override
  public void close() {
    Guest.must("sed -i 's/^passwd: intruder/passwd:/' /etc/nsswitch.conf; rm " + LIBRARY);
  }
}
