// SPDX-License-Identifier: Apache-2.0

/**
 * The rules that docs/architecture.md states, checked; each has a red twin on which it must fail.
 */
@NullMarked
package org.quotapolicy.arch;

import org.jspecify.annotations.NullMarked;
