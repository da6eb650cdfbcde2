// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;

/** Gives the mount table of the moment. */
@FunctionalInterface
interface MountSource {
  MountTable now() throws IOException;
}
