// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

/** The command line. */
public final class Main {}
