// SPDX-License-Identifier: Apache-2.0

/**
 * The command line: parses it, wires everything together, prints for people and for programs.
 *
 * <p>The only package that knows all others, the terminal, the pid file and the exit statuses.
 */
@NullMarked
package org.quotapolicy.cli;

import org.jspecify.annotations.NullMarked;
