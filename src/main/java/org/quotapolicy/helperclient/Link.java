// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.wire.ToHelper;

/** One helper that was started, and the way to it. One thread receives; sending needs a lock. */
interface Link {

  /** Waits for a packet, which is valid until the next call; null when there will be no more. */
  @Nullable ByteBuffer receive() throws IOException;

  /** Sends without waiting; false if the queue is full. */
  boolean send(ToHelper packet) throws IOException;

  /** Makes receive() return null, as soon as what has come is read, and the helper end. */
  void shutdown();

  /**
   * Frees the socket and sees the helper off.
   *
   * @return how it ended, for the log
   */
  String close();
}
