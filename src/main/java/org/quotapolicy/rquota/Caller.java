// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to one server.
 *
 * @param loop that they are served by
 * @param address of the server
 * @param mapperPort where its port mapper is
 */
record Caller(Loop loop, InetAddress address, int mapperPort) {

  /** Begins a call, which does not end before this returns; null if there is no socket for it. */
  <R> @Nullable Call<R> call(Transport by, int port, Procedure<R> procedure, Call.Ends<R> ends) {
    try {
      InetSocketAddress server = new InetSocketAddress(address, port);
      Call<R> call =
          by == Transport.UDP
              ? DatagramCall.to(server, procedure, loop, ends)
              : StreamCall.to(server, procedure, loop, ends);
      call.begin();
      return call;
    } catch (IOException e) {
      loop.execute(() -> ends.failed(String.valueOf(e.getMessage())));
      return null;
    }
  }
}
