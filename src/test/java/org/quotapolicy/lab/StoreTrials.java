// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import org.quotapolicy.lab.StoreDisk.Kind;

/** A daemon that is asked about messages at random, which are then stored: {@link StoreRound}. */
final class StoreTrials implements AutoCloseable {
  /** With this property, the same again. */
  static final long SEED = Long.getLong("lab.seed", new Random().nextInt(1 << 30));

  private static final Path CONFIG = Path.of("/run/random-stores.conf");

  private final Stores stores;
  private final Daemon daemon;
  private final Policy policy;
  private StoreTally all = StoreTally.NONE;

  StoreTrials() {
    System.out.println("random stores: --seed " + SEED);
    StoreUser.addAll();
    stores = new Stores();
    configure("%h/");
    daemon = Daemon.direct("--config", CONFIG.toString(), "--on-error", Daemon.COULD_NOT_TELL);
    policy = new Policy();
  }

  private static void configure(String mailbox) {
    Guest.must("echo 'mailbox = " + mailbox + "' >" + CONFIG);
  }

  void storeMailIn(String mailbox) {
    configure(mailbox);
    daemon.reload();
  }

  Policy policy() {
    return policy;
  }

  Stores stores() {
    return stores;
  }

  /** One new filesystem of that kind. */
  void run(Kind kind, int number) {
    long started = System.nanoTime();
    try (StoreDisk disk = StoreDisk.make(kind)) {
      StoreRound round = new StoreRound(this, disk, new SplittableRandom(SEED * 1000 + number));
      round.run();
      StoreTally tally = round.tally();
      System.out.printf(
          "  %s, %s: %d accepted, %d refused, %d could not be told, %d ms%n",
          kind.name().toLowerCase(Locale.ROOT),
          round.isMbox() ? "mbox" : "maildir",
          tally.accepted(),
          tally.refused(),
          tally.untold(),
          (System.nanoTime() - started) / 1_000_000);
      all = all.plus(tally);
      assertEquals(
          List.of(),
          tally.disagreements().stream().limit(12).toList(),
          "--seed " + SEED + ", " + number);
    }
  }

  @Override
  public void close() {
    System.out.println("random stores: --seed " + SEED + ": " + all);
    policy.close();
    daemon.close();
    stores.close();
  }
}
