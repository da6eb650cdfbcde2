// SPDX-License-Identifier: Apache-2.0

/** The bench's own program: what it makes of results that are made up. */
@NullMarked
package org.quotapolicy.bench;

import org.jspecify.annotations.NullMarked;
