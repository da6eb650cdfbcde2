// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch.red.kernel;

/**
 * Breaks the rules on purpose: a raw mapping that everybody sees, and root that starts a program.
 */
public final class PublicMapping {
  ProcessBuilder starts = new ProcessBuilder("true");

  native int geteuid();
}
