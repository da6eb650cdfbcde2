// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch.red.system;

/** Breaks the rule on purpose: no package may use cli. */
final class UsesWhatItMayNot {
  org.quotapolicy.cli.Main main = new org.quotapolicy.cli.Main();
}
