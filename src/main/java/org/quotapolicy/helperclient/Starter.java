// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;

/** A way to start a helper. */
interface Starter {

  /** Starts one. It is ready when its HELLO comes. */
  Link start() throws IOException;

  /** Whether it can be done more than once. */
  boolean isRepeatable();
}
