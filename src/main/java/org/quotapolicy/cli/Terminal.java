// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What standard output can show.
 *
 * @param isTerminal whether a person looks at it
 * @param full the character of a used cell of a bar
 * @param free the character of a free cell of a bar
 */
record Terminal(boolean isTerminal, char full, char free) {

  static Terminal ofStandardOutput() {
    boolean unicode = Charset.defaultCharset().newEncoder().canEncode('\u2588');
    return new Terminal(leadsToOne(), unicode ? '\u2588' : '#', unicode ? '\u2591' : '-');
  }

  /** System.console() would also want standard input to be one. */
  private static boolean leadsToOne() {
    try {
      Path output = Files.readSymbolicLink(Path.of("/proc/self/fd/1"));
      return output.startsWith("/dev/pts") || output.toString().matches("/dev/(tty|console).*");
    } catch (IOException e) {
      return false;
    }
  }
}
