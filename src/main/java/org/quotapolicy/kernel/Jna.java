// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.NativeLibrary;

/** How JNA finds functions: in what the process has loaded anyhow, the C library. */
public final class Jna {
  private static final String SEARCH_PATH = "jna.platform.library.path";

  private Jna() {}

  /** The process itself, as a library; nothing is searched for. */
  public static NativeLibrary process() {
    // Otherwise JNA forks ldconfig(8) to learn where libraries are: nothing here needs to know.
    if (System.getProperty(SEARCH_PATH) == null) {
      System.setProperty(SEARCH_PATH, "");
    }
    return NativeLibrary.getProcess();
  }
}
