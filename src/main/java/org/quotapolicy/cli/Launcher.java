// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;

/** bin/quotapolicy, which started this process and starts the helper. */
final class Launcher {
  private Launcher() {}

  /** Its absolute path, as it said itself. */
  static String path() throws IOException {
    String path = System.getProperty("quotapolicy.launcher");
    if (path == null) {
      throw new IOException("not started by bin/quotapolicy, so the helper cannot be started");
    }
    return path;
  }
}
