// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What bench/scale runs: the tables of docs/scale.md, and questions to a server that is measured.
 */
public final class Scale {
  private Scale() {}

  /**
   * Prints tables of Markdown: {@code simulation}, {@code questions}, {@code look-ups}; or asks an
   * rquota service on this machine: {@code ask PATH COUNT}.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    switch (args[0]) {
      case "simulation" -> new ScaleCases(System.out).run();
      case "questions" -> new ManyHosts(System.out).questions();
      case "look-ups" -> new ManyHosts(System.out).lookUps();
      case "ask" -> ask(args[1], Integer.parseInt(args[2]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** One request after the other, each of another user; prints what the last one's quota is. */
  private static void ask(String path, int count) throws IOException, InterruptedException {
    Export export =
        new Export("", InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), path, false);
    RquotaLog log = new RquotaLog(System.err::println, System.err::println);
    try (RquotaClient client =
        new RquotaClient(RquotaSettings.DEFAULT.withCacheLife(Duration.ZERO), log)) {
      BlockingQueue<RemoteQuotas> told = new LinkedBlockingQueue<>();
      String state = "";
      for (int id = 1; id <= count; id++) {
        client.ask(export, id, id, System.nanoTime() + 5_000_000_000L, told::add);
        state = told.take().quotas().get(0).state().toString();
      }
      System.out.println(state);
    }
  }
}
