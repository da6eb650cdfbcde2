// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class ConnectionTest {

  /** As another listener's thread does, between the selection and what follows from it. */
  @Test
  void isReadable_closedMeanwhile_isFalse() throws Exception {
    try (Selector selector = Selector.open();
        SocketChannel channel = SocketChannel.open()) {
      Statistics statistics = new Statistics();
      Connection connection =
          new Connection(channel, ended -> {}, new Room(1, 1, statistics), statistics);
      connection.register(selector);
      assertFalse(connection.isReadable());
      assertTrue(connection.closeIf(Connection::isIdle));
      assertFalse(connection.isReadable());
    }
  }
}
