// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch.red.mailbox;

import org.quotapolicy.kernel.Scratch;

/** Breaks the rule on purpose: addresses are for kernel and system. */
final class UsesRawCalls {
  long address = Scratch.ofThread().struct.address();
}
