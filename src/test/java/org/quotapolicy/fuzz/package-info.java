// SPDX-License-Identifier: Apache-2.0

/**
 * What Jazzer calls with inputs that it makes, led by the code they reach: one class for each kind
 * of bytes that comes from outside. Each states what must hold for any input.
 *
 * <p>Executed by src/test/fuzz/run, not by JUnit; {@code Findings} has what was found as tests.
 */
@NullMarked
package org.quotapolicy.fuzz;

import org.jspecify.annotations.NullMarked;
